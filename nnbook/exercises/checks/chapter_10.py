"""What the exercises of chapter 10 (sequence tasks) say to an answer."""

import re

import numpy as np

from nnbook import data
from nnbook.exercises import check
from nnbook.exercises.formula import half_width

SHAPES = {"类别": "class", "sequencetoclass": "class", "序列到类别": "class",
          "sync": "synchronous", "同步": "synchronous",
          "async": "asynchronous", "异步": "asynchronous"}


def check_1(answer):
    if isinstance(answer, (str, list, tuple, np.ndarray)):  # also word by word
        answer = half_width("".join(map(str, answer)))
        answer = re.sub(r"[\s|/,;.·-]", "", answer) or ...
    check("1 tags", answer, "SBEBME", mistakes={
        "圖書館 has three characters: begin, middle, end.": "SBEBE",
        "The middle of 圖書館 is M; E stands once, at the end.": "SBEBEE",
        "A word of one character is S.": "BBEBME",
        "One tag for each character, not for each word.":
            lambda tags: len(tags) == 3,
        "Six characters, so six tags.": lambda tags: len(tags) != 6,
        "A word has one B, where it begins, and one E, where it ends.":
            lambda tags: set(tags.upper()) <= set("BMES"),
        "The tags are B, M, E and S, and no others.":
            lambda tags: not set(tags.upper()) <= set("BMES")})


def check_2(answer):
    def mean(states, mask):
        return np.stack([s[m].mean(axis=0)
                         for s, m in zip(states, mask, strict=True)])

    rng = np.random.default_rng(1)
    mask = np.arange(5) < np.array([[2], [5], [1]])
    states = rng.normal(size=(3, 5, 2))
    check("2 masked mean", answer, mean, inputs=[(states, mask)], mistakes={
        "You divide by T, padding included.":
            lambda s, m: (s * m[..., None]).mean(axis=1),
        "Padding is in the mean.": lambda s, m: s.mean(axis=1),
        "That is the sum; divide by the number of real steps.":
            lambda s, m: (s * m[..., None]).sum(axis=1),
        "That is the last state, not the mean.":
            lambda s, m: s[np.arange(len(s)), m.sum(axis=1) - 1],
        "That is the last column: one state, and padding in short rows.":
            lambda s, m: s[:, -1],
        "All rows are in one mean; each sequence has its own.":
            lambda s, m: s[m].mean(axis=0),
        "Divide each row by its own number of real steps.":
            lambda s, m: (s * m[..., None]).sum(axis=1) / m.sum()})


def check_3(answer):
    def without_last(characters, tags):
        return data.split_words(characters, tags)[:-1]

    def at_e_only(characters, tags, rest=False):
        words, word = [], ""
        for character, tag in zip(characters, tags, strict=True):
            word += character
            if tag == "E":
                words.append(word)
                word = ""
        return words + [word] * (rest and word != "")

    cases = [("我鍾意圖書館", "SBEBME"), ("香港", "BE"), ("我", "S")]
    check("3 words", answer, data.split_words, inputs=cases, mistakes={
        "Each character became a word.": lambda c, t: list(c),
        "You cut at E only: S ends a word, too.": at_e_only,
        "You cut at E only; S ends a word, too.":
            lambda c, t: at_e_only(c, t, rest=True),
        "The last word is missing.": without_last,
        "A list is asked for, not one text.":
            lambda c, t: " ".join(data.split_words(c, t)),
        "Begin anew after each word: empty the word that you collect.":
            lambda c, t: [c[:k + 1] for k, tag in enumerate(t)
                          if tag in "ES"]})


def check_4(answer):
    def toy(shift):
        """After token a it says a + shift, and after 9 or more the end."""
        def step(token, state):
            p = np.full(30, 0.01)
            p[data.EOS if token >= 9 else token + shift + state] = 1
            return p, 0
        return step

    def endless(token, state):
        return np.eye(30)[4 + state % 2], state + 1

    def greedy(step, state, read_back=True, keep=True, limit=10, stop=True,
               begin=data.BOS):
        token, said = begin, []
        while len(said) < limit:
            p, new = step(token if read_back else data.BOS, state)
            state = new if keep else state
            token = int(np.argmax(p))
            if token == data.EOS and stop:
                break
            said.append(token)
        return said

    check("4 greedy", answer, greedy,
          inputs=[(toy(2), 3), (toy(3), 2), (endless, 0)], mistakes={
              "EOS must not stand in the answer.": lambda step, state:
                  (greedy(step, state) + [data.EOS])[:10],
              "BOS must not stand in the answer.": lambda step, state:
                  [data.BOS, *greedy(step, state)],
              "Read your own token back, not BOS each time.":
                  lambda step, state: greedy(step, state, read_back=False),
              "Keep the new state: the next step starts from it.":
                  lambda step, state: greedy(step, state, keep=False),
              "Begin with BOS, not with EOS.":
                  lambda step, state: greedy(step, state, begin=data.EOS),
              "Begin with BOS, not with 0.":
                  lambda step, state: greedy(step, state, begin=0),
              "Stop after EOS.":
                  lambda step, state: greedy(step, state, stop=False),
              "That is one token short: ten are allowed.":
                  lambda step, state: greedy(step, state, limit=9),
              "That is one token too many: stop after ten.":
                  lambda step, state: greedy(step, state, limit=11)})


def check_5(answer):
    right = ["class", "synchronous", "asynchronous", "asynchronous"]
    if isinstance(answer, str):  # four words in one text
        answer = half_width(answer)
        answer = answer.split("," if "," in answer else None)
    if isinstance(answer, (list, tuple, np.ndarray)):
        if any(shape is ... for shape in answer):
            answer = ...
        else:
            words = ["".join(str(shape).lower().split()) for shape in answer]
            words = [re.sub("的?序列到序列$|sequencetosequence$", "", word)
                     for word in words]
            answer = [SHAPES.get(word, word) for word in words]
    whole = isinstance(answer, list) and len(answer) == len(right)
    check("5 shapes", answer, right, mistakes=whole and {
        "Speech has thousands of numbers for each word: the lengths differ.":
            lambda a: a[3] == "synchronous",
        "A summary is shorter than the article: it has a length of its own.":
            lambda a: a[2] == "synchronous",
        "One part of speech for each word: as many outputs as inputs.":
            lambda a: a[1] == "asynchronous",
        "The whole message gets one answer: spam or not.":
            lambda a: a[0] in right[1:],
        "Each word gets a part of speech of its own: one output a step.":
            lambda a: a[1] == "class",
        "A text comes out of (c) and (d), not one class.":
            lambda a: "class" in a[2:]})


def check_6(answer, target):
    check("6 teacher forcing", answer, lambda t: (t[:, :-1], t[:, 1:]),
          inputs=[(target,)], mistakes={
              "Exchanged: it reads from BOS on and says all up to EOS.":
                  lambda t: (t[:, 1:], t[:, :-1]),
              "It would read the very token that it is to say.":
                  lambda t: (t[:, 1:], t[:, 1:]),
              "Nothing is shifted: it would only repeat what it reads.":
                  lambda t: (t[:, :-1], t[:, :-1]),
              "Both are one shorter than the target.": lambda t: (t, t),
              "What it reads is one shorter than the target, too.":
                  lambda t: (t, t[:, 1:]),
              "What it says is one shorter than the target, too.":
                  lambda t: (t[:, :-1], t),
              "That cuts off whole rows; cut a column: target[:, …].":
                  lambda t: (t[:-1], t[1:]),
              "That is what it reads; return what it is to say, too.":
                  lambda t: t[:, :-1],
              "That is what it is to say; return what it reads, too.":
                  lambda t: t[:, 1:]})
