// What every page of the book can do besides its widgets: search, meanings of terms, quizzes remembered, presenting.
// Nothing leaves the browser. Search and presenting load their scripts when they are first asked for.
(() => {
  const root = document.documentElement.dataset.content_root ?? "./";
  const _ = text => globalThis.bookWords?.[text] ?? text; // the Chinese edition brings its words

  function make(tag, properties = {}, ...children) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  }

  const loaded = {};
  const load = name => loaded[name] ??= new Promise((done, failed) =>
    document.head.append(make("script", { src: `${root}_static/${name}`, onload: done, onerror: failed })));

  // --- search: in the box, as one types ----------------------------------------------------------------------------

  let book;
  async function search(query) {
    await load("search/minisearch.js");
    await Promise.all([load("search/search.js"), load("search/index.js")]);
    book ??= bookSearch.open(bookIndex);
    return bookSearch.find(book, query);
  }

  function hitItem(hit) {
    const { section } = hit;
    const link = make("a", { href: root + section.url }, make("b", {}, section.title),
      section.chapter === section.title ? "" : make("span", { className: "hit-chapter" }, section.chapter),
      make("span", { className: "hit-text" }, ...bookSearch.snippet(hit).map(([text, found]) => found ? make("mark", {}, text) : text)));
    return make("li", {}, link);
  }

  function searchable(form) {
    const input = form.querySelector("input"), page = document.getElementById("search-results");
    const count = make("p", { className: "hit-count" }), list = make("ol", { className: "hits" });
    count.setAttribute("role", "status");
    if (page && !form.closest("dialog")) page.append(count, list);
    else form.after(count, list);
    let asked = 0;
    async function answer() {
      const mine = ++asked, query = input.value.trim();
      const hits = query ? await search(query) : [];
      if (mine !== asked) return; // somebody typed on
      count.textContent = !query ? "" : hits.length === 1 ? _("1 section") :
        hits.length ? _("{n} sections").replace("{n}", hits.length) : _("Nothing found");
      list.replaceChildren(...hits.slice(0, 40).map(hitItem));
    }
    input.addEventListener("input", answer);
    input.addEventListener("focus", () => search(""), { once: true }); // have it ready
    form.addEventListener("submit", async event => {
      event.preventDefault();
      await answer();
      list.querySelector("a")?.[form.closest("dialog") ? "click" : "focus"]();
    });
    const parent = form.parentElement;
    parent.addEventListener("keydown", event => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      const stops = [input, ...list.querySelectorAll("a")], at = stops.indexOf(document.activeElement);
      if (at < 0 || !stops[at + step]) return;
      event.preventDefault();
      stops[at + step].focus();
    });
    list.addEventListener("click", event => { // a hit on this very page
      if (event.target.closest("a")) form.closest("dialog")?.close();
    });
    const query = new URLSearchParams(location.search).get("q");
    if (page && query && !form.closest("dialog")) {
      input.value = query;
      answer();
    }
  }

  // --- a term shows its meaning where it stands -----------------------------------------------------------------------

  const bubble = make("span", { className: "term-meaning", id: "term-meaning", hidden: true });
  bubble.setAttribute("role", "tooltip");

  function tell(link, finger) { // above a finger, so that what one reads next stays free
    link.append(bubble); // so the pointer may rest on it
    bubble.textContent = link.dataset.meaning;
    bubble.hidden = false;
    link.setAttribute("aria-describedby", bubble.id);
    bubble.style.left = "0";
    bubble.classList.remove("above");
    const { right, bottom, height } = bubble.getBoundingClientRect(), room = document.documentElement.clientWidth - 12;
    bubble.style.left = `${Math.min(0, room - right) / (link.currentCSSZoom ?? 1)}px`;
    const frame = link.closest(".scrolls")?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight }; // a wide table
    const above = link.getBoundingClientRect().top - height > Math.max(60, frame.top);
    bubble.classList.toggle("above", above && (finger || bottom > Math.min(innerHeight, frame.bottom)));
  }

  function silence() {
    bubble.parentElement?.removeAttribute("aria-describedby");
    bubble.hidden = true;
  }

  function explain(link) {
    link.dataset.meaning = link.title;
    link.removeAttribute("title"); // or there would be two
    let touched = false;
    link.addEventListener("pointerenter", event => event.pointerType === "mouse" && tell(link));
    link.addEventListener("pointerleave", event => event.pointerType === "mouse" && silence());
    link.addEventListener("pointerdown", event => { touched = event.pointerType === "touch"; });
    link.addEventListener("focus", () => link.matches(":focus-visible") && tell(link));
    link.addEventListener("blur", silence);
    link.addEventListener("click", event => { // the first tap tells, the second leads to the glossary
      if (!touched || bubble.parentElement === link && !bubble.hidden) return;
      event.preventDefault();
      tell(link, true);
    });
  }

  // Safari gives a link no focus when it is tapped, so none is lost when something else is
  document.addEventListener("pointerdown", event => bubble.parentElement?.contains(event.target) || silence());
  document.addEventListener("keydown", event => {
    if (event.key !== "Escape" || bubble.hidden) return;
    silence();
    event.preventDefault(); // it leaves no slides
  });

  // --- quizzes answered rightly are remembered ------------------------------------------------------------------------

  const STORE = "nnbook-quizzes", here = location.pathname.split("/").slice(-2).join("/");
  const remembered = () => { try { return JSON.parse(localStorage.getItem(STORE)) ?? {}; } catch { return {}; } };
  const remember = all => { try { localStorage.setItem(STORE, JSON.stringify(all)); } catch { /* not allowed here */ } };
  const words = ({ right, all }) => _("{n} of {all} quizzes answered").replace("{n}", right.length).replace("{all}", all);

  function quizzes() {
    const roots = [...document.querySelectorAll('[data-nnlib-module="quiz"]')], article = document.querySelector("article");
    if (!roots.length || !article) return;
    const count = make("span"), forget = make("button", { type: "button" }, _("Forget"));
    const line = make("p", { className: "quiz-count" }, count, " ", forget);
    article.append(line);
    const keys = roots.map(quiz => quiz.dataset.nnlibKey);
    const mine = () => ({ all: roots.length, right: (remembered()[here]?.right ?? []).filter(key => keys.includes(key)) });
    const show = () => {
      count.textContent = words(mine()) + _(". This is remembered in your browser and nowhere else.");
      for (const quiz of roots) quiz.classList.toggle("quiz-done", mine().right.includes(quiz.dataset.nnlibKey));
    };
    document.addEventListener("submit", event => setTimeout(() => {
      const quiz = event.target.closest('[data-nnlib-module="quiz"]');
      if (!quiz?.classList.contains("nnlib-right")) return;
      remember({ ...remembered(), [here]: { all: roots.length, right: [...new Set([...mine().right, quiz.dataset.nnlibKey])] } });
      show();
    }));
    forget.addEventListener("click", () => {
      const { [here]: _, ...others } = remembered();
      remember(others);
      show();
    });
    show();
  }

  function contents() {
    const all = remembered();
    for (const link of document.querySelectorAll("article li > a[href*='chapters/']")) {
      const known = all[link.getAttribute("href").split("#")[0]];
      if (known?.right.length) link.parentElement.append(make("span", { className: "quiz-count" }, ` (${words(known)})`));
    }
    const list = document.querySelector("article .quiz-count")?.closest("ol, ul");
    list?.after(make("p", { className: "quiz-count" }, make("button", { type: "button", onclick() {
      remember({});
      document.querySelectorAll(".quiz-count").forEach(node => node.remove());
    } }, _("Forget all answered quizzes"))));
  }

  // --- presenting -----------------------------------------------------------------------------------------------------

  async function present() {
    await load("present.js");
    bookPresent.start();
  }

  function presentable() {
    const bar = document.querySelector(".article-header-buttons");
    if (!bar || !document.querySelector("article section > h2")) return;
    const button = make("button", { type: "button", className: "btn btn-sm present-button", title: _("Present (P)"), onclick: present }, "▷");
    button.setAttribute("aria-label", _("Present this page as slides (key P)"));
    bar.prepend(button);
    document.addEventListener("keydown", event => {
      const typing = event.target.closest?.("input, textarea, select, dialog, [contenteditable]");
      if (event.key.toLowerCase() !== "p" || typing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (!document.documentElement.classList.contains("presenting")) present();
    });
  }

  // --- the same place in the other language -----------------------------------------------------------------------------

  function otherEdition(link) {
    const page = link.href;
    link.addEventListener("click", () => {
      const sections = [...document.querySelectorAll("article section[id]")], here = sections.filter(section =>
        section.getBoundingClientRect().top < innerHeight / 3).pop();
      const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const near = named && Math.abs(named.getBoundingClientRect().top) < innerHeight;
      const hash = location.hash && (near || !named) ? location.hash : here && here !== sections[0] ? `#${here.id}` : "";
      link.href = page + hash;
    });
  }

  document.querySelectorAll("a.other-edition").forEach(otherEdition);
  document.querySelectorAll("form.bd-search").forEach(searchable);
  document.querySelectorAll("a.term[title]").forEach(explain);
  presentable();
  quizzes();
  contents();
})();
