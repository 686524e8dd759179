"""Chinese words in English text say that they are Chinese: a screen reader changes its voice, a browser its font.
In Chinese text emphasised English words do so: emphasis of Chinese is no slant."""

import re

HAN = r"[\u3400-\u9fff](?:[\u3000-\u303f\u3400-\u9fff\uff00-\uffef·]*[\u3400-\u9fff])?"
PARTS = re.compile(  # what is no text is left as it is: scripts, styles, formulas, attributes of tags
    rf"(<(script|style|svg|math|textarea|title|option)\b.*?</\2>|<!--.*?-->|<[^>]*>)|({HAN})", re.S)


def tag_chinese(body):
    return PARTS.sub(lambda part: part[1] or f'<span lang="zh">{part[3]}</span>', body)


def tag_english(body):
    return re.sub(r"<em>(?=[^<\u3400-\u9fff]*</em>)", '<em lang="en">', body)
