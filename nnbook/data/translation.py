"""Three translation tasks of rising difficulty, made by rules: numbers, dates and sentences, English to Chinese.  [A48]

Each function returns n different pairs (source tokens, target tokens) in random order.
"""

import datetime

from nnlib import checks

DIGITS = "零一二三四五六七八九"
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December"]
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def chinese_number(n):
    """The Chinese numeral of a whole number 0 … 99,999,999: chinese_number(10203) = "一万零二百零三"."""
    if checks.integer(n, "n", minimum=0) >= 10**8:
        raise ValueError(f"n must be below 100,000,000, got {n}")
    high, low = divmod(n, 10_000)
    numeral = below_ten_thousand(high) + "万" if high else ""
    if low or not high:
        numeral += "零" * (high > 0 and low < 1000) + below_ten_thousand(low)
    return numeral.removeprefix("一") if numeral.startswith("一十") else numeral  # 12 is 十二, 112 is 一百一十二


def below_ten_thousand(n):
    """Numeral of 0 … 9999; 零 stands once for zeros between other digits."""
    numeral, zeros = "", False
    for unit, value in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = n // value % 10
        if digit:
            numeral += "零" * (zeros and numeral != "") + DIGITS[digit] + unit
        zeros = digit == 0
    return numeral or "零"


def number_pairs(n, rng):
    """Numbers below 100,000 to Chinese numerals: ["4", "0", "5"] becomes ["四", "百", "零", "五"].

    Short numbers are drawn as often as long ones, and round ones often: after the first digit every third is made 0.
    Each number is taken once: with n = 4,000 all of one and two digits are there.
    """
    def draw():
        n_digits = rng.integers(1, 6)
        drawn = rng.integers(10, size=n_digits)
        drawn[1:] *= rng.random(n_digits - 1) > 1 / 3
        if n_digits > 1 and drawn[0] == 0:
            drawn[0] = rng.integers(1, 10)
        source = "".join(map(str, drawn))
        return source, chinese_number(int(source))

    return [(list(source), list(target)) for source, target in different_pairs(draw, n, rng, 20_000)]


def date_pairs(n, rng):
    """English dates in five formats to Chinese dates; tokens are characters, lower case in English.

    "oct 1, 1949" becomes "一九四九年十月一日". Years 1950 … 2049.
    """
    first = datetime.date(1950, 1, 1).toordinal()
    last = datetime.date(2049, 12, 31).toordinal()

    def draw():
        date = datetime.date.fromordinal(int(rng.integers(first, last + 1)))
        month, weekday = MONTHS[date.month - 1], WEEKDAYS[date.weekday()]
        source = pick([f"{month} {date.day}, {date.year}", f"{date.day} {month} {date.year}",
                       f"{month[:3]} {date.day}, {date.year}", f"{weekday}, {month} {date.day}, {date.year}",
                       f"{date.month}/{date.day}/{date.year}"], rng)
        year = "".join("〇" if digit == "0" else DIGITS[int(digit)] for digit in str(date.year))
        return source.lower(), f"{year}年{chinese_number(date.month)}月{chinese_number(date.day)}日"

    return [(list(source), list(target)) for source, target in different_pairs(draw, n, rng, 50_000)]


# (English, Chinese); a third-person singular subject changes the English verb
SUBJECTS = [("I", "我", False), ("you", "你", False), ("we", "我们", False), ("they", "他们", False),
            ("he", "他", True), ("she", "她", True), ("my mother", "我妈妈", True), ("my friend", "我朋友", True),
            ("the teacher", "老师", True), ("the students", "学生们", False)]
TIMES = [("", ""), ("every day", "每天"), ("in the morning", "早上"), ("in the evening", "晚上"),
         ("yesterday", "昨天"), ("tomorrow", "明天")]
PLACES = [("", ""), ("at home", "在家"), ("at school", "在学校"), ("in the park", "在公园"),
          ("in the library", "在图书馆")]
COUNTS = [("a", "一"), ("two", "两"), ("three", "三"), ("five", "五")]
ADJECTIVES = {"big": "大", "small": "小", "old": "旧", "new": "新", "red": "红色的", "beautiful": "漂亮的"}
SUNG = {"old": "老", "beautiful": "好听的"}  # what is heard is not 漂亮, good to look at; and an old song is a 老歌
# noun: Chinese noun, its measure word, adjectives that go with it
NOUNS = {"book": ("书", "本", "old new"), "letter": ("信", "封", "old new"), "newspaper": ("报纸", "份", "old new"),
         "picture": ("画", "张", "big small beautiful"), "map": ("地图", "张", "big small old new"),
         "cat": ("猫", "只", "big small beautiful"), "dog": ("狗", "只", "big small"),
         "bird": ("鸟", "只", "small red beautiful"), "car": ("车", "辆", "big small old new red"),
         "apple": ("苹果", "个", "big small red"), "song": ("歌", "首", "old new beautiful"),
         "cup of tea": ("茶", "杯", "")}
# verb: English past, Chinese verb, objects that go with it
VERBS = {"buy": ("bought", "买", ["book", "newspaper", "picture", "map", "car", "apple"]),
         "see": ("saw", "看见", ["picture", "cat", "dog", "bird", "car"]),
         "read": ("read", "读", ["book", "letter", "newspaper"]),
         "draw": ("drew", "画", ["cat", "dog", "bird", "map"]),
         "write": ("wrote", "写", ["book", "letter", "song"]),
         "eat": ("ate", "吃", ["apple"]), "sing": ("sang", "唱", ["song"]), "drink": ("drank", "喝", ["cup of tea"])}


def sentence_pairs(n, rng):
    """Sentences of a small grammar; English tokens are words, Chinese tokens characters.

    "she did not read two old books in the library yesterday" becomes "她昨天没在图书馆读两本旧书":
    time and place move before the verb, a measure word appears, endings of English disappear. Left out is what Chinese
    says in another form: 看见 does not go with 不 alone (不看见), nor a negation with 每天 before it, nor 一 in a
    negation ("did not buy a car" is 没买车). And nobody writes or draws what is old already.
    """
    return [(source.split(), list(target))
            for source, target in different_pairs(lambda: draw_sentence(rng), n, rng, 20_000)]


def draw_sentence(rng):
    """One random sentence (English, Chinese)."""
    subject, zh_subject, is_third = pick(SUBJECTS, rng)
    time, zh_time = pick(TIMES, rng)
    place, zh_place = pick(PLACES, rng)
    verb = pick(list(VERBS), rng)
    noun = pick(VERBS[verb][2], rng)
    count, zh_count = pick(COUNTS, rng)
    zh_noun, measure, adjectives = NOUNS[noun]
    adjective = pick(["", *(a for a in adjectives.split() if a != "old" or verb not in ("write", "draw"))], rng)
    tense = {"yesterday": "past", "tomorrow": "future"}.get(time, "present")
    negated = rng.random() < 0.25 and time != "every day" and (verb, tense) != ("see", "present")

    verb_phrase, zh_negation, zh_particle = conjugate(verb, tense, is_third, negated)
    if count != "a":
        noun = "cups of tea" if noun == "cup of tea" else noun + "s"
    elif (adjective or noun)[0] in "aeiou":
        count = "an"
    source = " ".join(part for part in (subject, verb_phrase, count, adjective, noun, place, time) if part)
    zh_adjective = (ADJECTIVES | SUNG if zh_noun == "歌" else ADJECTIVES).get(adjective, "")
    how_many = "" if negated and zh_count == "一" else zh_count + measure
    target = (zh_subject + zh_time + zh_negation + zh_place + VERBS[verb][1] + zh_particle
              + how_many + zh_adjective + zh_noun)
    return source, target


def conjugate(verb, tense, is_third, negated):
    """English verb phrase, Chinese word before the place, Chinese particle after the verb."""
    past, _, _ = VERBS[verb]
    present = verb + "s" if is_third else verb
    auxiliary = "does not" if is_third else "do not"
    return {
        ("past", False): (past, "", "了"), ("past", True): (f"did not {verb}", "没", ""),
        ("future", False): (f"will {verb}", "会", ""), ("future", True): (f"will not {verb}", "不会", ""),
        ("present", False): (present, "", ""), ("present", True): (f"{auxiliary} {verb}", "不", ""),
    }[tense, negated]


def pick(items, rng):
    """One item of a list, each with the same probability."""
    return items[rng.integers(len(items))]


def different_pairs(draw, n, rng, most):
    """Draw pairs (source, target) until n sources are different; at most `most`, far below what the rules can make."""
    checks.generator(rng, "the generator of translation pairs")
    if checks.integer(n, "n") > most:
        raise ValueError(f"n must be at most {most:,}, got {n:,}")
    pairs = {}
    while len(pairs) < n:
        source, target = draw()
        pairs[source] = target
    pairs = list(pairs.items())
    return [pairs[i] for i in rng.permutation(n)]
