// What the pages need beyond the theme: what is wider than its column shows so and moves by keys, and print is light.
(() => {
  const _ = text => globalThis.bookWords?.[text] ?? text; // the Chinese edition brings its words
  const WIDE = "div.math, .pst-scrollable-table-container, .cell_output .output, .cell_output pre, .highlight pre, " +
    "pre.literal-block, .figure-box, .nnlib-picture, .nnlib-static, .nnlib-widget [style*='overflow-x']";

  const measured = box =>
    [box, box.scrollWidth - box.clientWidth, box.scrollLeft, getComputedStyle(box).overflowX];
  const mark = boxes => boxes.map(measured).forEach(write); // all are read, then written: one layout

  function write([box, more, moved, overflow]) {
    const scrolls = more > 1 && overflow !== "visible";
    box.classList.toggle("scrolls", scrolls);
    box.classList.toggle("at-end", scrolls && moved >= more - 2);
    if (scrolls && !box.hasAttribute("tabindex")) box.tabIndex = box.dataset.tab = 0;
    if (!scrolls && box.dataset.tab) box.removeAttribute("tabindex");
    if (scrolls && box.matches("div.math") && !box.hasAttribute("role")) {
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", _("formula, wider than the page"));
    }
  }

  const seen = new IntersectionObserver(entries => { // where the reader is at once, the rest when there is time
    mark(entries.filter(entry => entry.isIntersecting).map(entry => entry.target));
  }, { rootMargin: "100%" });
  const later = window.requestIdleCallback ?? (work => setTimeout(work, 500));
  const grown = new ResizeObserver(entries => entries.forEach(({ target }) => observe(target))); // a widget has started
  function observe(place) {
    for (const box of place.querySelectorAll(WIDE)) {
      seen.unobserve(box);
      seen.observe(box);
    }
  }
  // A long page is laid out in parts (.by-parts in book.css): by the browser what the reader comes near; by this, once
  // somebody reads, the rest, so that the page gets its true length: some elements at a time while nothing else is to do.
  // What has its height is skipped again: laid out it would cost time whenever a widget above it grows. Who jumps on the
  // page, prints or presents gets the whole at once.
  const root = document.documentElement, AT_ONCE = 150;
  const parts = new Set(document.querySelectorAll(".by-parts .bd-article section section > :not(section, h2, h3, h4)"));
  function layOut(part) {
    parts.delete(part);
    part.style.contentVisibility = "visible";
  }
  function rest(before = []) {
    mark(before.flatMap(part => [part, ...part.querySelectorAll(WIDE)].filter(box => box.matches(WIDE))));
    before.forEach(part => { part.style.contentVisibility = ""; });
    const now = [];
    for (let count = 0; parts.size && count < AT_ONCE;) {
      const [part] = parts;
      count += part.getElementsByTagName("*").length + 1;
      layOut(part);
      now.push(part);
    }
    if (now.length) requestAnimationFrame(() => later(() => rest(now)));
  }
  function whole() {
    root.classList.remove("by-parts");
    parts.clear();
    later(() => mark([...document.querySelectorAll(WIDE)]));
  }
  const reads = event => {
    if (event.type === "scroll" && event.target !== document) return; // a box in a widget
    SIGNS.forEach(sign => removeEventListener(sign, reads, true));
    if (parts.size) later(() => rest());
  }, SIGNS = ["scroll", "pointerdown", "keydown", "focusin"];
  SIGNS.forEach(sign => addEventListener(sign, reads, { capture: true, passive: true }));
  document.addEventListener("contentvisibilityautostatechange", event => event.skipped || layOut(event.target), true);
  addEventListener("wholepage", whole);
  addEventListener("click", event => {
    const link = event.target.closest?.("a[href*='#']");
    if (link?.pathname === location.pathname && root.classList.contains("by-parts")) whole();
  }, true);

  let width = 0;
  function look() {
    if (innerWidth === width) return; // a phone's address bar comes and goes
    later(() => observe(document));
    document.querySelectorAll("[data-nnlib-widget]").forEach(widget => grown.observe(widget));
    if (!parts.size || width) whole();
    width = innerWidth;
  }
  addEventListener("scroll", event => {
    if (event.target.classList?.contains("scrolls")) mark([event.target]);
  }, { capture: true, passive: true });
  addEventListener("resize", look);
  addEventListener("load", look);
  if (document.readyState === "complete") look();

  // Who comes back (Back, reload) finds what was read where it stood: the browser keeps a number of pixels, which is
  // another place while widgets above have not started. Until the reader moves.
  const blocks = () => [...document.querySelectorAll(".bd-article section > :not(section)")];
  const key = `read:${location.pathname}`;
  function remember() {
    const all = blocks(), tops = all.map(block => block.getBoundingClientRect());
    const at = tops.findIndex(({ bottom }) => bottom > 80); // below the header
    sessionStorage.setItem(key, JSON.stringify([at, at < 0 ? 0 : tops[at].top]));
  }
  addEventListener("pagehide", remember);
  document.addEventListener("visibilitychange", () => document.hidden && remember());
  const [at, top] = JSON.parse(sessionStorage.getItem(key) ?? "[-1]"), block = blocks()[at];
  if (block && performance.getEntriesByType("navigation")[0]?.type !== "navigate") {
    history.scrollRestoration = "manual";
    let ours = 0;
    const keep = new ResizeObserver(() => {
      scrollBy({ top: block.getBoundingClientRect().top - top, behavior: "instant" });
      ours = scrollY;
    });
    const once = { capture: true, passive: true, once: true };
    function end() {
      keep.disconnect();
      root.style.overflowAnchor = "";
    }
    root.style.overflowAnchor = "none"; // or both would follow
    keep.observe(document.querySelector(".bd-article"));
    for (const sign of ["wheel", "pointerdown", "keydown", "touchstart"]) addEventListener(sign, end, once);
    addEventListener("scroll", () => { // somebody draws the bar
      if (document.readyState === "complete" && Math.abs(scrollY - ours) > 2) end();
    }, { passive: true });
  }

  // The contents on the right mark the section at the reading line, and keep it in view; at the end of the page the
  // one that was asked for, however short. (The theme marked headings that came by, and kept the last: finish.py.)
  function contents(links) {
    const of = link => document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const begun = new Set();
    const end = () => scrollY > 0 && scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    function show() {
      const asked = end() && links.find(link => link.hash === location.hash);
      const now = asked || links.filter(link => begun.has(of(link))).pop();
      for (const link of links) {
        link.classList.toggle("active", link === now);
        if (link === now) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
      document.querySelectorAll("#pst-page-toc-nav .toc-entry").forEach(entry =>
        entry.classList.toggle("active", entry.contains(now)));
      const box = now?.closest(".bd-sidebar-secondary");
      if (!box) return;
      const { top, bottom } = now.getBoundingClientRect(), frame = box.getBoundingClientRect(), rim = 40;
      const above = top - frame.top - rim, below = bottom - Math.min(frame.bottom, innerHeight) + rim;
      box.scrollTop += Math.min(0, above) + Math.max(0, below);
    }
    const line = new IntersectionObserver(entries => {
      for (const { target, isIntersecting } of entries) begun[isIntersecting ? "add" : "delete"](target);
      show();
    }, { rootMargin: "9999999px 0px -70%" }); // everything above the line
    links.forEach(link => of(link) && line.observe(of(link)));
  }
  contents([...document.querySelectorAll("#pst-page-toc-nav a")]);

  // On paper: light, what is folded is open, and the solutions stand at the end.
  const undo = [];
  addEventListener("beforeprint", () => {
    const { theme } = root.dataset, article = document.querySelector("article.bd-article");
    if (undo.length || !article) return;
    whole();
    root.dataset.theme = "light";
    undo.push(() => { root.dataset.theme = theme; });
    for (const image of document.querySelectorAll('img[loading="lazy"]')) image.loading = "eager";
    const solutions = [...article.querySelectorAll(".cell.tag_solution, .nnlib-solution")], end = document.createElement("section");
    for (const solution of solutions) {
      const quiz = solution.closest('[data-nnlib-module="quiz"]');
      const title = (quiz?.querySelector(".nnlib-question") ?? solution.closest("section").querySelector("h2, h3, h4")).cloneNode(true);
      const head = document.createElement("h3"), copy = document.createElement("div");
      title.querySelector(".headerlink")?.remove();
      head.append(...title.childNodes);
      copy.className = solution.className;
      copy.append(...(solution.querySelector("details") ?? solution).cloneNode(true).childNodes);
      copy.querySelector("summary")?.remove();
      end.append(head, copy);
      solution.classList.add("at-the-end");
      undo.push(() => solution.classList.remove("at-the-end"));
    }
    for (const fold of article.querySelectorAll("details:not([open], .quiet)")) {
      fold.open = true;
      undo.push(() => { fold.open = false; });
    }
    if (!solutions.length) return;
    end.className = "solutions";
    end.prepend(Object.assign(document.createElement("h2"), { textContent: _("Solutions") }));
    article.append(end);
    undo.push(() => end.remove());
  });
  addEventListener("afterprint", () => undo.splice(0).forEach(act => act()));
})();
