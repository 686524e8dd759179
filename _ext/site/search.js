// Search of the book: words, Chinese substrings, small misspellings. The build (_ext/search.py) and the page (book.js)
// run the same code, the first to make the index, the second to ask it.

globalThis.bookSearch = (() => {
  const RUNS = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}\p{M}∂∇])+/gu;
  const HAN = /\p{Script=Han}/u;
  const FIELDS = ["title", "terms", "asked", "other", "points", "chapter", "text", "code"];
  const BOOST = { title: 5, terms: 5, asked: 5, other: 3, points: 4, chapter: 2, text: 1, code: .2 };

  const plain = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  // networks is found by network and the other way round; colour by color, normalise by normalize
  const stem = word => word.replace(/^(.{3,}[^siu])s$/, "$1").replace(/ou(?=r)/, "o").replace(/is(?=(e|ed|er|ing|ation)$)/, "iz");

  // Latin: words, the parts of CamelCase, mini-batch also as minibatch; Chinese: every character, every pair of neighbours
  function words(text, asked) {
    const found = [];
    let last = { end: -1 };
    for (const { 0: run, index } of text.matchAll(RUNS)) {
      if (HAN.test(run)) {
        const letters = [...run];
        if (!asked || letters.length === 1) found.push(...letters);
        for (let k = 1; k < letters.length; k++) found.push(letters[k - 1] + letters[k]);
        continue;
      }
      const word = stem(plain(run));
      found.push(word);
      if (asked) continue;
      if (index === last.end + 1 && /[-‐-–]/.test(text[last.end])) found.push(last.word + word);
      last = { word, end: index + run.length };
      const parts = run.match(/\p{Lu}\p{Ll}{3,}/gu) ?? [];
      if (parts.length > 1) found.push(...parts.map(part => stem(plain(part))));
    }
    return found;
  }

  const options = { fields: FIELDS, idField: "id", tokenize: text => words(text, false), processTerm: word => word };

  const key = text => words(text, true).join(" ");

  // Sections come as { url, chapter, title, other, level, terms, asked, points, text, code }.
  function build(sections) {
    const index = new MiniSearch(options);
    index.addAll(sections.map((section, id) => ({ ...section, id,
      terms: section.terms.join(" | "), asked: section.asked.join(" | "), points: section.points.join(" | ") })));
    return JSON.stringify({ sections, index: index.toJSON() });
  }

  function open({ sections, index }) {
    const names = new Map(), chinese = new Set(), terms = new Set(); // words of titles and terms: how questions are spelt
    let phrases = "|";
    for (const { title, terms: own, asked, other } of sections) {
      for (const text of [title, other ?? "", ...own, ...asked]) {
        phrases += ` ${key(text)} |`;
        for (const word of words(text, false)) if (!HAN.test(word)) names.set(word, (names.get(word) ?? 0) + 1);
      }
      for (const name of own) {
        terms.add(key(name));
        if (/^\p{Script=Han}{2,}$/u.test(name)) chinese.add(name);
      }
    }
    return { sections, index: MiniSearch.loadJS(index, options), names, phrases, terms, chinese: [...chinese].sort((a, b) => b.length - a.length) };
  }

  // How many letters must be added, left out, changed or exchanged with their neighbour.
  function distance(a, b) {
    let before, last = [...Array(b.length + 1).keys()];
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      [before, last] = [last, row];
    }
    return last[b.length];
  }

  // The question as the book spells it: w_1 as w₁, a misspelt word or Chinese name as the nearest one of a title or
  // term, two words as one if the book writes them so.
  function spelt(book, query) {
    const { index, names, phrases, chinese } = book;
    const known = word => names.has(word) || index.search(word, { tokenize: text => [text], prefix: !HAN.test(word) }).length > 0;
    query = query.replace(/(?<![\p{L}])(\p{L})[_^]\{?([^\s{}_^]+)\}?/gu, (_, base, mark) => base + mark.replace(/[^\p{L}\p{N}]+/gu, " "));
    query = query.replace(/\p{Script=Han}{2,}/gu, run => {
      for (const name of chinese) {
        for (let at = 0; at + name.length <= run.length && !run.includes(name); at++) {
          const part = run.slice(at, at + name.length), wrong = [...part].filter((letter, k) => letter !== name[k]).length;
          if (wrong === 1 && words(part, true).some(pair => !known(pair))) run = run.replace(part, name);
        }
      }
      return run;
    });
    const asked = [];
    for (const word of words(query, true)) {
      const before = asked.at(-1) ?? "";
      if (before && !HAN.test(before + word) && names.has(before + word) && !phrases.includes(` ${before} ${word} `)) asked[asked.length - 1] = before + word;
      else asked.push(word);
    }
    return asked.map(word => {
      if (HAN.test(word) || word.length < 4 || known(word)) return word;
      const allowed = word.length < 7 ? 1 : 2;
      let best = { far: allowed + .9, name: word };
      for (const [name, count] of names) {
        if (Math.abs(name.length - word.length) > allowed || name.length < 3) continue;
        const far = distance(word, name) + (name[0] === word[0] ? 0 : .5) - Math.min(count, 40) / 100;
        if (far < best.far) best = { far, name };
      }
      return best.name;
    });
  }

  // A name with a dot or an underscore, a call, or a heading of the library's reference that is no term of the book.
  const asksForCode = ({ sections, terms }, query, phrase) => /\p{L}{2}[_.]\p{L}{2}|nnlib|\(\)/u.test(query) ||
    sections.some(({ title, url }) => url.startsWith("nnlib") && title === query.trim() && !terms.has(phrase));

  // Hits, best first: [{ section, words that were found }]
  function find(book, query) {
    const spelling = spelt(book, query), asked = [...new Set(spelling)], { sections, index } = book;
    if (!asked.length) return [];
    const phrase = spelling.join(" "), code = asksForCode(book, query, phrase);
    const formula = /[=+\-/←∂∇(]/.test(query) ? signs(query) : "";
    const exact = { boost: BOOST, tokenize: () => asked, combineWith: "AND", weights: { prefix: .3, fuzzy: .15 },
      prefix: word => !HAN.test(word) && word.length > 1 };
    const near = { ...exact, fuzzy: word => HAN.test(word) || word.length < 4 ? false : word.length < 7 ? 1 : 2 };
    const hits = new Map(); // what fits worse stands below all that fits better
    for (const how of [exact, near, { ...near, combineWith: "OR" }]) {
      if (hits.size >= 3) break;
      const found = index.search(query, how);
      if (!hits.size && asked.length > 1) { // a term within a longer question
        const some = index.search(query, { ...exact, combineWith: "OR" });
        found.push(...some.filter(hit => naming(sections[hit.id], phrase) > 1.3));
      }
      const more = found.map(hit => ({ hit, score: hit.score * bonus(sections[hit.id], meant(spelling, hit), code) *
        (formula.length > 3 && signs(sections[hit.id].text).includes(formula) ? 4 : 1) }));
      more.sort((a, b) => b.score - a.score);
      for (const { hit } of more) if (!hits.has(hit.id)) hits.set(hit.id, hit);
    }
    return [...hits.values()].map(hit => ({ section: sections[hit.id], words: hit.terms }));
  }

  // The question as the hit understands it: misspelt words as they are written in the book.
  function meant(asked, { terms }) {
    return asked.map(word => terms.includes(word) ? word : terms.find(term => term[0] === word[0]) ?? word).join(" ");
  }

  // A formula as it is typed or set: 1/(1+e^-z) and 1/(1 + e⁻ᶻ) are the same.
  const signs = text => plain(text).replace(/\u2212/g, "-").replace(/[\s(){}_^\\]/g, "");

  const holds = (text, part) => ` ${text} `.includes(` ${part} `);

  // How far a term of the section, or its title, is what is asked: 3 if it is the question, less if it is a part of it.
  function naming(section, phrase) {
    const share = name => {
      const text = key(name);
      return text && holds(phrase, text) ? (text.length / phrase.length) ** 2 : 0;
    };
    return 1 + 2 * Math.max(0, ...[section.title, ...section.terms, ...section.asked].map(share));
  }

  // A title, a chapter or a term that is the question itself says more than the same words far apart. The glossary's own
  // entries, the landing page, the library's reference (unless one asks for code) and exercises stand below what explains.
  function bonus(section, phrase, code) {
    if (section.glossary || section.url === "index.html") return .1;
    let factor = section.url.startsWith("nnlib") ? code ? 4 : .15 : /^\d+\. /.test(section.title) ? .5 : 1; // or an exercise
    const title = key(section.title), chapter = key(section.chapter);
    const part = section.level > 1 && holds(title, phrase) ? HAN.test(phrase) ? 1.3 : 2 : 1; // 前馈神经网络 is another word than 神经网络
    factor *= title === phrase || key(section.other ?? "") === phrase ? 6 : Math.min(4.5, naming(section, phrase) * part);
    if (holds(chapter, phrase)) factor *= section.level === 1 ? 3 : 1.5;
    return factor;
  }

  // The part of a text around the first word that was found, in pieces: [[text, found?], ...]
  function snippet({ section, words: found }, length = 150) {
    const heads = found.filter(Boolean).sort((a, b) => b.length - a.length)
      .map(word => HAN.test(word) ? word : `(?<![\\p{L}\\p{N}])${word.replace(/or/g, "ou?r").replace(/iz/g, "i[sz]")}[\\p{L}\\p{N}]*`);
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
