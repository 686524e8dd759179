// Search of the book: words, Chinese substrings, small misspellings. The build (_ext/search.py) and the page (book.js)
// run the same code, the first to make the index, the second to ask it.

globalThis.bookSearch = (() => {
  const RUNS = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}\p{M}])+/gu;
  const HAN = /\p{Script=Han}/u;
  const FIELDS = ["title", "terms", "points", "chapter", "text", "code"];
  const BOOST = { title: 5, terms: 5, points: 4, chapter: 2, text: 1, code: .2 };

  const plain = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  // networks is found by network and the other way round; colour by color
  const stem = word => word.replace(/^(.{3,}[^siu])s$/, "$1").replace(/ou(?=r)/, "o");

  // Latin: words, and the parts of CamelCase; Chinese: every character and every pair of neighbours
  function words(text, asked) {
    const found = [];
    for (const [run] of text.matchAll(RUNS)) {
      if (HAN.test(run)) {
        const letters = [...run];
        if (!asked || letters.length === 1) found.push(...letters);
        for (let k = 1; k < letters.length; k++) found.push(letters[k - 1] + letters[k]);
      } else {
        found.push(stem(plain(run)));
        const parts = asked ? [] : run.match(/\p{Lu}\p{Ll}{3,}/gu) ?? [];
        if (parts.length > 1) found.push(...parts.map(part => stem(plain(part))));
      }
    }
    return found;
  }

  const options = { fields: FIELDS, idField: "id", tokenize: text => words(text, false), processTerm: word => word };

  const key = text => words(text, true).join(" ");

  // Sections come as { url, chapter, title, level, terms, points, text, code }.
  function build(sections) {
    const index = new MiniSearch(options);
    index.addAll(sections.map((section, id) => ({
      ...section, id, terms: section.terms.join(" | "), points: section.points.join(" | "),
    })));
    return JSON.stringify({ sections, index: index.toJSON() });
  }

  function open({ sections, index }) {
    return { sections, index: MiniSearch.loadJS(index, options) };
  }

  // Hits, best first: [{ section, words that were found }]
  function find({ sections, index }, query) {
    const asked = [...new Set(words(query, true))];
    if (!asked.length) return [];
    const exact = { boost: BOOST, tokenize: () => asked, combineWith: "AND", weights: { prefix: .3, fuzzy: .15 },
      prefix: word => !HAN.test(word) && word.length > 1 };
    const near = { ...exact, fuzzy: word => HAN.test(word) || word.length < 4 ? false : word.length < 7 ? 1 : 2 };
    const hits = new Map(); // what fits worse stands below all that fits better
    for (const how of [exact, near, { ...near, combineWith: "OR" }]) {
      if (hits.size >= 3) break;
      const more = index.search(query, how).map(hit => ({ hit, score: hit.score * bonus(sections[hit.id], meant(asked, hit)) }));
      more.sort((a, b) => b.score - a.score);
      for (const { hit } of more) if (!hits.has(hit.id)) hits.set(hit.id, hit);
    }
    return [...hits.values()].map(hit => ({ section: sections[hit.id], words: hit.terms }));
  }

  // The question as the hit understands it: misspelt words as they are written in the book.
  function meant(asked, { terms }) {
    return asked.map(word => terms.includes(word) ? word : terms.find(term => term[0] === word[0]) ?? word).join(" ");
  }

  // A title, a chapter or a term that is the question itself says more than the same words far apart. The glossary's own
  // entries, and the landing page, stand below the sections that explain.
  function bonus(section, phrase) {
    if (section.glossary || section.url === "index.html") return .1;
    let factor = 1;
    if (key(section.title) === phrase) factor *= 4;
    else if (section.terms.some(term => key(term) === phrase)) factor *= 3;
    else if (` ${key(section.title)} `.includes(` ${phrase} `)) factor *= HAN.test(phrase) ? 1.3 : 2; // 前馈神经网络 is another word than 神经网络
    if (` ${key(section.chapter)} `.includes(` ${phrase} `)) factor *= section.level === 1 ? 3 : 1.5;
    return factor;
  }

  // The part of a text around the first word that was found, in pieces: [[text, found?], ...]
  function snippet({ section, words: found }, length = 150) {
    const heads = found.filter(Boolean).sort((a, b) => b.length - a.length)
      .map(word => HAN.test(word) ? word : `(?<![\\p{L}\\p{N}])${word.replace("o", "ou?")}[\\p{L}\\p{N}]*`);
    const pattern = new RegExp(heads.join("|") || "$^", "giu");
    const text = [section.text, section.terms.join(", "), section.code].find(t => t.search(pattern) >= 0) ?? section.text;
    const at = Math.max(0, text.search(pattern));
    let start = at < length / 3 ? 0 : text.indexOf(" ", at - length / 3) + 1;
    if (start > at) start = at;
    let end = start + length < text.length ? text.lastIndexOf(" ", start + length) : text.length;
    if (end <= at) end = Math.min(text.length, start + length);
    const cut = text.slice(start, end), pieces = [];
    let last = 0;
    for (const { 0: word, index } of cut.matchAll(pattern)) {
      if (!word) continue;
      pieces.push([cut.slice(last, index), false], [word, true]);
      last = index + word.length;
    }
    pieces.push([cut.slice(last), false]);
    if (start) pieces.unshift(["… ", false]);
    if (end < text.length) pieces.push([" …", false]);
    return pieces.filter(([piece]) => piece);
  }

  return { build, open, find, snippet, words };
})();
