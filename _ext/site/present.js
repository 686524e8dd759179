// The page as slides: one section after the other on the whole screen, its widgets alive. Loaded by book.js on key P.
// Nothing is moved: style sheets hide what does not belong to the slide, so Escape leads back to the page as it was.
globalThis.bookPresent = (() => {
  const page = document.documentElement;
  const _ = text => globalThis.bookWords?.[text] ?? text;
  const STYLE = `@media print { .slide-bar { display: none; } }
    @media screen {
    .presenting { overflow: hidden; scroll-behavior: auto !important; }
    .presenting :is(.bd-header-article, .bd-sidebar-primary, .bd-sidebar-secondary, .bd-footer-content, .bd-footer,
      .prev-next-footer, .headerlink, #pst-back-to-top, #pst-skip-link, #jb-print-docs-body, .quiz-count, .bd-header) { display: none !important; }
    .presenting article section:not(.slide-path), .presenting .slide-path:not(.slide-here) > :not(.slide-path),
    .presenting article > :not(section) { display: none !important; }
    .presenting:not(.with-code) :is(.cell_input, details.hide:not(.above-output)) { display: none !important; }
    .presenting .bd-article-container, .presenting .bd-container, .presenting .bd-container__inner, .presenting .bd-content,
    .presenting main { max-width: none !important; width: 100% !important; padding: 0 !important; margin: 0 !important; display: block !important; }
    .presenting article.bd-article { position: fixed; inset: 0; z-index: 1000; overflow: auto; padding: 1.6rem 3rem 3.5rem !important;
      background: var(--pst-color-background); zoom: var(--slide-zoom); }
    .presenting article :is(p, ul, ol, blockquote, .nnlib-controls) { max-width: none !important; }
    .presenting .nnlib-plot { max-width: var(--slide-width, none) !important; }
    .presenting article :is(h1, h2, h3, h4):focus { outline: none; }
    .presenting article section h1, .presenting article section :is(h2, h3) { margin-top: 0; }
    .presenting article :is(pre, .nnlib-widget, .nnlib-foot, .nnlib-note, .nnlib-readout, table, code, small, sup, sub, figcaption, summary,
      .nnlib-legend, .nnlib-legend span, .nnlib-caption, .term-meaning, .nnlib-use, .nnlib-widget button, .nnlib-level-maps span) { font-size: 1rem !important; }
    .presenting :is(.nnlib-tick, .nnlib-label, .nnlib-node-text) { font-size: var(--slide-letter, 15px) !important; }
    .presenting .nnlib-cell { font-size: calc(24.4px / var(--slide-zoom)) !important; }
    .presenting .nnlib-controls { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0 2rem; }
    .presenting [data-nnlib-widget="surface_view"] .nnlib-stage { max-width: calc(70vh / var(--slide-zoom)); }
    .presenting figure.opening img { width: auto; max-height: 19rem; }
    .slide-bar { position: fixed; z-index: 1001; right: 1rem; bottom: .6rem; display: flex; gap: .6rem; align-items: center;
      font-size: max(16px, calc(var(--slide-zoom) * 13px)); color: var(--pst-color-text-base); background: var(--pst-color-background); }
    .slide-bar button { font: inherit; color: inherit; background: none; border: 1px solid var(--pst-color-border); border-radius: .3em; padding: .1em .6em; }
    .more-below article.bd-article { -webkit-mask-image: linear-gradient(to top, transparent, #000 10%); mask-image: linear-gradient(to top, transparent, #000 10%); }
    .more-below .slide-bar::before { content: "↓"; content: "↓" / ""; } }`;
  let slides = [], at = 0, bar, count, back, opened = [], leaving = Promise.resolve();

  const points = () => JSON.parse(document.getElementById("lecture-points")?.textContent ?? "{}");
  const article = () => document.querySelector("article.bd-article");
  const own = section => [...section.children].filter(node => node.tagName !== "SECTION" && node.matches(":not(h1, h2, h3, h4, span)"));

  function button(text, label, act) {
    const node = Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick: act });
    node.setAttribute("aria-label", label);
    return node;
  }

  function show(k) {
    at = Math.max(0, Math.min(slides.length - 1, k));
    document.querySelectorAll(".slide-path").forEach(node => node.classList.remove("slide-path", "slide-here"));
    const here = slides[at];
    here.classList.add("slide-here");
    let number = "";
    for (let node = here; node && node.tagName === "SECTION"; node = node.parentElement) {
      node.classList.add("slide-path");
      number ||= points()[node.id] ?? "";
    }
    count.textContent = `${number ? `${number} · ` : ""}${at + 1} / ${slides.length}`;
    article().scrollTop = 0;
    window.dispatchEvent(new Event("resize")); // a canvas that was hidden learns its size
    setTimeout(letters, 500); // of widgets that start now
    grown.disconnect();
    grown.observe(here);
    const focus = document.activeElement;
    if (!bar.contains(focus) && !(here.contains(focus) && focus.getClientRects().length)) focusOn(here);
  }

  // The title of a slide has the focus: it is read out, and Tab goes on from there.
  function focusOn(section) {
    const title = section.querySelector("h1, h2, h3, h4");
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    title.addEventListener("blur", () => title.removeAttribute("tabindex"), { once: true });
  }

  // The letters of drawings, which are scaled with them: legible, and not larger than they have room for. A drawing
  // leaves room on the screen for its controls, if it is then large enough for such letters.
  function letters() {
    for (const drawing of document.querySelectorAll(".presenting .slide-path svg[viewBox]")) {
      const { width, height } = drawing.viewBox.baseVal, most = Math.max(2.05, innerHeight * .62 / height) * width;
      drawing.style.setProperty("--slide-width", `${most / page.style.getPropertyValue("--slide-zoom")}px`);
      const scale = drawing.getScreenCTM()?.a;
      if (scale > 0) drawing.style.setProperty("--slide-letter", `${Math.max(12, 24.5 / scale).toFixed(1)}px`);
    }
  }

  function zoom() { // letters of 24 px and more, on screens of 1100 and more
    page.style.setProperty("--slide-zoom", Math.max(innerWidth < 1100 ? 1 : 1.6, innerWidth / 1010).toFixed(3));
    letters();
    below();
  }

  const room = box => box.scrollHeight - box.clientHeight - box.scrollTop;
  const below = () => page.classList.toggle("more-below", room(article()) > 4);
  const grown = new ResizeObserver(below);

  // What should stand on a screen whole: the blocks of the slide, or what is in them, if they are larger.
  const blocks = node => node.tagName === "SECTION" || !node.getClientRects().length ? [] : !node.children.length || node.matches(
    "p, pre, .math, svg, img") || node.getBoundingClientRect().height < innerHeight * .8 ? [node] : [...node.children].flatMap(blocks);

  // A screen further, from what was not seen whole; at the end of the section the next one.
  function onward(step) {
    const box = article(), rim = innerHeight / 30, end = bar.getBoundingClientRect().top;
    if ((step > 0 ? room(box) : box.scrollTop) <= 4) return show(at + step);
    const first = [...slides[at].children].flatMap(blocks).map(node => node.getBoundingClientRect()).find(({ top, bottom }) =>
      step > 0 ? top > rim + 4 && bottom > end : top > 2 * rim - end);
    const screen = end * .85, far = first && first.top - rim, by = far * step > 0 ? Math.min(far, screen) : step * screen;
    box.scrollBy(0, by * box.offsetHeight / box.getBoundingClientRect().height); // the box is enlarged
  }

  const KEYS = { ArrowRight: () => show(at + 1), ArrowLeft: () => show(at - 1), PageDown: () => onward(1), PageUp: () => onward(-1),
    " ": () => onward(1), Home: () => show(0), End: () => show(slides.length - 1), Escape: escape,
    c: () => page.classList.toggle("with-code") };

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const on = selector => event.target.closest?.(selector);
    const used = on("textarea") || !/^Page|Escape/.test(event.key) && (on("input, select, .nnlib-widget [tabindex]") || // its own keys,
      event.key === " " && on("button, a, summary") || event.key === "ArrowRight" && on(".scrolls:not(.at-end)")); // but a clicker's
    if (used || event.defaultPrevented || on("dialog")) return;
    const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  // Closes what was opened last on the slide (a term's meaning: book.js), and only then leaves.
  function escape() {
    const dialog = document.querySelector("dialog[open]"), fold = opened.filter(node => node.open && node.getClientRects().length).pop();
    if (dialog) return dialog.close();
    if (!fold) return stop();
    if (fold.contains(document.activeElement)) fold.querySelector("summary").focus();
    fold.open = false;
  }

  function folded({ target }) {
    opened = opened.filter(node => node !== target);
    if (target.matches?.("details[open]")) opened.push(target);
  }

  // A link to a place on this page leads to its slide, and Back from there; one to another page ends the show.
  function follow(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    if (!link.hash || link.pathname !== location.pathname) return stop();
    history.replaceState({ ...history.state, slide: at }, "");
    setTimeout(reveal);
  }

  function reveal() {
    const target = article().querySelector(`#${CSS.escape(decodeURIComponent(location.hash.slice(1)) || "-")}`);
    if (!target) return;
    show(slides.indexOf(slides.find(section => target.contains(section)) ?? slides.filter(section => section.contains(target)).pop()));
    if (target.tagName !== "SECTION") target.scrollIntoView({ block: "center" });
  }

  // The browser's own Escape from the whole screen counts as the key, of which some do not tell the page.
  const left = () => document.fullscreenElement || document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", cancelable: true }));

  const LISTENERS = [[window, "resize", zoom], [window, "pagehide", stop], [document, "keydown", keys], [document, "click", follow],
    [document, "toggle", folded, true], [document, "scroll", below, true],
    [window, "popstate", ({ state }) => state?.slide >= 0 ? show(state.slide) : reveal()]];

  function start() {
    if (page.classList.contains("presenting")) return;
    slides = [...article().querySelectorAll("section")].filter(section => own(section).length);
    const top = section => section.getBoundingClientRect().top;
    const slide = Math.max(0, slides.filter(section => top(section) < innerHeight / 3).length - 1), place = top(slides[slide]);
    dispatchEvent(new Event("wholepage")); // which may be laid out in part only (reading.js): what is above gets its height
    scrollBy({ top: top(slides[slide]) - place, behavior: "instant" });
    [back, opened] = [{ y: scrollY, slide, focus: document.activeElement }, []];
    bar = Object.assign(document.createElement("div"), { className: "slide-bar", innerHTML: `<style>${STYLE}</style><span role="status"></span>` });
    count = bar.lastChild;
    bar.append( button("‹", _("Previous slide"), () => show(at - 1)), button("›", _("Next slide"), () => show(at + 1)),
      button("{ }", _("Show or hide code (key C)"), KEYS.c), button("×", _("Leave the slides (Escape)"), stop));
    document.body.append(bar);
    page.classList.add("presenting");
    LISTENERS.forEach(([node, ...listener]) => node.addEventListener(...listener));
    show(back.slide);
    leaving.then(() => page.requestFullscreen()).then(() => {
      document.addEventListener("fullscreenchange", left);
      return navigator.keyboard?.lock?.(["Escape"]); // so that it may close a fold and not leave the whole screen
    }).catch(() => {});
  }

  function stop() {
    if (!page.classList.contains("presenting")) return;
    document.removeEventListener("fullscreenchange", left);
    LISTENERS.forEach(([node, ...listener]) => node.removeEventListener(...listener));
    grown.disconnect();
    if (document.fullscreenElement) leaving = document.exitFullscreen().catch(() => {}); // before it is entered again
    page.classList.remove("presenting", "with-code", "more-below");
    document.querySelectorAll(".slide-path").forEach(node => node.classList.remove("slide-path", "slide-here"));
    bar.remove();
    window.dispatchEvent(new Event("resize"));
    if (at !== back.slide) return slides[at].scrollIntoView({ behavior: "instant" }), focusOn(slides[at]);
    scrollTo({ top: back.y, behavior: "instant" });
    back.focus.focus({ preventScroll: true });
  }

  return { start, stop };
})();
