import datetime
import re

import numpy as np
import pytest

from nnbook import data

NUMERALS = {
    0: "零", 7: "七", 10: "十", 12: "十二", 20: "二十", 99: "九十九", 100: "一百", 101: "一百零一", 110: "一百一十",
    112: "一百一十二", 1000: "一千", 1001: "一千零一", 1010: "一千零一十", 1100: "一千一百", 2024: "二千零二十四",
    10_000: "一万", 10_001: "一万零一", 10_010: "一万零一十", 10_100: "一万零一百", 11_000: "一万一千",
    10_203: "一万零二百零三", 100_000: "十万", 110_000: "十一万", 1_000_000: "一百万",
    99_999_999: "九千九百九十九万九千九百九十九",
}


@pytest.mark.parametrize("n", NUMERALS)
def test_numerals(n):
    assert data.chinese_number(n) == NUMERALS[n]


def value(numeral):
    """A second way: read the numeral back."""
    units = {"十": 10, "百": 100, "千": 1000}
    total = part = digit = 0
    for character in numeral:
        if character in units:
            part, digit = part + max(digit, 1 if part == 0 else 0) * units[character], 0
        elif character == "万":
            total, part, digit = (part + digit) * 10_000, 0, 0
        else:
            digit = "零一二三四五六七八九".index(character)
    return total + part + digit


def test_every_numeral_can_be_read_back():
    for n in [*range(12_000), *range(12_000, 10**8, 99_991)]:
        assert value(data.chinese_number(n)) == n


def test_number_pairs():
    pairs = data.number_pairs(4000, np.random.default_rng(0))
    assert all("".join(target) == data.chinese_number(int("".join(source))) for source, target in pairs)
    numbers = {int("".join(source)) for source, _ in pairs}
    assert len(numbers) == 4000 and numbers >= set(range(100)) and max(numbers) < 100_000
    assert sum(n % 1000 == 0 for n in numbers) > 50  # a plain sample would hold four or so


def test_date_pairs_name_the_same_day():
    formats = ["%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%A, %B %d, %Y", "%m/%d/%Y"]
    used = set()
    for source, target in data.date_pairs(1000, np.random.default_rng(1)):
        for form in formats:
            try:
                date = datetime.datetime.strptime("".join(source), form)
            except ValueError:
                continue
            used.add(form)
            break
        year, rest = "".join(target).split("年")
        month, day = rest.removesuffix("日").split("月")
        assert [int("".join(str("〇一二三四五六七八九".index(c)) for c in year)), value(month), value(day)] == [
            date.year, date.month, date.day]
    assert used == set(formats)


SENTENCES = {  # among those that seed 2 gives; translated by hand
    "they draw five big maps at school": "他们在学校画五张大地图",
    "I sing two old songs in the park": "我在公园唱两首老歌",
    "my mother did not eat a small apple yesterday": "我妈妈昨天没吃小苹果",
    "he saw a big picture in the park yesterday": "他昨天在公园看见了一张大画",
    "they did not see five dogs at home yesterday": "他们昨天没在家看见五只狗",
    "the teacher writes five beautiful songs in the park in the morning": "老师早上在公园写五首好听的歌",
    "my mother will not eat a red apple in the park tomorrow": "我妈妈明天不会在公园吃红色的苹果",
    "the students buy five red apples at home every day": "学生们每天在家买五个红色的苹果",
}


@pytest.fixture(scope="module")
def sentences():
    pairs = data.sentence_pairs(20_000, np.random.default_rng(2))
    return {" ".join(source): "".join(target) for source, target in pairs}


def test_sentences_are_translations(sentences):
    assert len(sentences) == 20_000
    for source, target in SENTENCES.items():
        assert sentences[source] == target
    for source, target in sentences.items():
        assert ("not" in source) == ("不" in target or "没" in target)
        assert ("tomorrow" in source) == ("明天" in target) == ("will" in source)
        assert "了" not in target or "yesterday" in source
        assert " a a" not in source and " a old" not in source


@pytest.mark.parametrize("wrong, why", [
    ("不(?!会).*看见", "看见 is a result: it goes with 没, or as 看不见"),
    ("每天.*[不没]", "a negation with 每天 before it denies each single day"),
    ("[不没].*一[本封份张只辆个首杯]", "what did not happen has no 一"),
    ("漂亮的歌|旧歌", "a song is 好听, and an old one 老"),
    ("[写画](了)?.*旧", "nobody writes or draws what is old already"),
    ("二[本封份张只辆个首杯]", "two of something is 两"),
    ("[不没].*了", "了 does not go with 没, nor with 不 here"),
])
def test_the_chinese_of_the_sentences_is_grammatical(sentences, wrong, why):
    assert not [target for target in sentences.values() if re.search(wrong, target)][:3], why


@pytest.mark.parametrize("make", [data.number_pairs, data.date_pairs, data.sentence_pairs])
def test_pairs_depend_on_the_seed_only(make):
    first, again, other = (make(50, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert first == again != other
    assert len({tuple(source) for source, _ in first}) == 50


@pytest.mark.parametrize("call, error, message", [
    (lambda: data.chinese_number(-1), ValueError, "at least 0"),
    (lambda: data.chinese_number(10**8), ValueError, "100,000,000"),
    (lambda: data.chinese_number(1.0), TypeError, "integer, got 1.0"),
    (lambda: data.number_pairs(0, np.random.default_rng(0)), ValueError, "at least 1"),
    (lambda: data.number_pairs(10**6, np.random.default_rng(0)), ValueError, "at most 20,000, got 1,000,000"),
    (lambda: data.date_pairs(5, 0), TypeError, "rng"),
    (lambda: data.sentence_pairs("5", np.random.default_rng(0)), TypeError, "integer"),
])
def test_bad_calls(call, error, message):
    with pytest.raises(error, match=message):
        call()
