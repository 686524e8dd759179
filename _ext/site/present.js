// The page as slides: one section after the other on the whole screen, its widgets alive. Loaded by book.js on key P.
// Nothing is moved: style sheets hide what does not belong to the slide, so Escape leads back to the page as it was.
globalThis.bookPresent = (() => {
  const page = document.documentElement;
  const _ = text => globalThis.bookWords?.[text] ?? text;
  const STYLE = `
    .presenting { overflow: hidden; scroll-behavior: auto !important; }
    .presenting :is(.bd-header-article, .bd-sidebar-primary, .bd-sidebar-secondary, .bd-footer-content, .bd-footer,
      .prev-next-footer, .headerlink, #pst-back-to-top, #jb-print-docs-body, .quiz-count, .bd-header) { display: none !important; }
    .presenting article section:not(.slide-path), .presenting .slide-path:not(.slide-here) > :not(.slide-path),
    .presenting article > :not(section) { display: none !important; }
    .presenting:not(.with-code) :is(.cell_input, details.hide:not(.above-output)) { display: none !important; }
    .presenting .bd-article-container, .presenting .bd-container, .presenting .bd-container__inner, .presenting .bd-content,
    .presenting main { max-width: none !important; width: 100% !important; padding: 0 !important; margin: 0 !important; display: block !important; }
    .presenting article.bd-article { position: fixed; inset: 0; z-index: 1000; overflow: auto; padding: 1.6rem 3rem 3.5rem !important;
      background: var(--pst-color-background); zoom: var(--slide-zoom); }
    .presenting article :is(p, ul, ol, blockquote, .nnlib-controls, .nnlib-plot) { max-width: none !important; }
    .presenting article section h1, .presenting article section :is(h2, h3) { margin-top: 0; }
    .presenting article :is(pre, .nnlib-widget, .nnlib-foot, .nnlib-note, .nnlib-readout, table, code, small, sup, sub, figcaption, summary,
      .nnlib-legend, .nnlib-legend span, .nnlib-caption, .nnlib-use, .nnlib-widget button, .nnlib-level-maps span) { font-size: 1rem !important; }
    .presenting :is(.nnlib-tick, .nnlib-label, .nnlib-node-text) { font-size: var(--slide-letter, 15px) !important; }
    .presenting .nnlib-cell { font-size: calc(24.4px / var(--slide-zoom)) !important; }
    .presenting figure.opening img { width: auto; max-height: 19rem; }
    .slide-bar { position: fixed; z-index: 1001; right: 1rem; bottom: .6rem; display: flex; gap: .6rem; align-items: center;
      font-size: max(16px, calc(var(--slide-zoom) * 13px)); color: var(--pst-color-text-base); background: var(--pst-color-background); }
    .slide-bar button { font: inherit; color: inherit; background: none; border: 1px solid var(--pst-color-border); border-radius: .3em; padding: .1em .6em; }`;
  let slides = [], at = 0, bar, count, back;

  const points = () => JSON.parse(document.getElementById("lecture-points")?.textContent ?? "{}");
  const article = () => document.querySelector("article.bd-article");
  const own = section => [...section.children].filter(node => node.tagName !== "SECTION" && node.matches(":not(h1, h2, h3, h4, span)"));

  function button(text, label, act) {
    const node = document.createElement("button");
    node.type = "button";
    node.textContent = text;
    node.setAttribute("aria-label", label);
    node.addEventListener("click", act);
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
    letters();
    setTimeout(letters, 500); // of widgets that start now
  }

  // The letters of drawings, which are scaled with them: legible, and not larger than they have room for.
  function letters() {
    for (const drawing of document.querySelectorAll(".presenting .slide-path svg")) {
      const scale = drawing.getScreenCTM()?.a;
      if (scale > 0) drawing.style.setProperty("--slide-letter", `${Math.max(12, 24.5 / scale).toFixed(1)}px`);
    }
  }

  function zoom() {
    const times = Math.max(innerWidth < 1100 ? 1 : 1.6, innerWidth / 1010); // letters of 24 px and more, on screens of 1100 and more
    page.style.setProperty("--slide-zoom", times.toFixed(3));
  }

  // A screen further, and at the end of the section the next one.
  function onward(step) {
    const box = article(), room = step > 0 ? box.scrollHeight - box.clientHeight - box.scrollTop : box.scrollTop;
    if (room > 4) box.scrollBy({ top: step * box.clientHeight * .85 });
    else show(at + step);
  }

  const KEYS = { ArrowRight: () => show(at + 1), ArrowLeft: () => show(at - 1), PageDown: () => onward(1), PageUp: () => onward(-1),
    " ": () => onward(1), Home: () => show(0), End: () => show(slides.length - 1), Escape: () => stop(),
    c: () => page.classList.toggle("with-code") };

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const used = event.target.closest?.("input, select, textarea, summary, .nnlib-widget :is(button, [tabindex])"); // a widget's own keys
    const pressed = event.key === " " && event.target.closest?.("button, a"), wide = event.target.closest?.(".scrolls:not(.at-end)");
    if (event.key !== "Escape" && (used || pressed || wide && event.key === "ArrowRight") || event.target.closest?.("dialog")) return;
    const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  const left = () => { if (!document.fullscreenElement) stop(); };

  function start() {
    if (page.classList.contains("presenting")) return;
    slides = [...article().querySelectorAll("section")].filter(section => own(section).length);
    const top = section => section.getBoundingClientRect().top;
    const slide = Math.max(0, slides.filter(section => top(section) < innerHeight / 3).length - 1), place = top(slides[slide]);
    dispatchEvent(new Event("wholepage")); // which may be laid out in part only (reading.js): what is above gets its height
    scrollBy({ top: top(slides[slide]) - place, behavior: "instant" });
    back = { y: scrollY, slide };
    bar = document.createElement("div");
    bar.className = "slide-bar";
    count = document.createElement("span");
    count.setAttribute("role", "status");
    const style = document.createElement("style");
    style.textContent = STYLE;
    bar.append(style, count, button("‹", _("Previous slide"), () => show(at - 1)), button("›", _("Next slide"), () => show(at + 1)),
      button("{ }", _("Show or hide code (key C)"), KEYS.c), button("×", _("Leave the slides (Escape)"), stop));
    document.body.append(bar);
    zoom();
    page.classList.add("presenting");
    addEventListener("resize", zoom);
    document.addEventListener("keydown", keys, true);
    show(back.slide);
    page.requestFullscreen?.().then(() => document.addEventListener("fullscreenchange", left), () => {});
  }

  function stop() {
    if (!page.classList.contains("presenting")) return;
    document.removeEventListener("fullscreenchange", left);
    document.removeEventListener("keydown", keys, true);
    removeEventListener("resize", zoom);
    if (document.fullscreenElement) document.exitFullscreen();
    const here = slides[at];
    page.classList.remove("presenting", "with-code");
    document.querySelectorAll(".slide-path").forEach(node => node.classList.remove("slide-path", "slide-here"));
    bar.remove();
    window.dispatchEvent(new Event("resize"));
    if (at === back.slide) scrollTo({ top: back.y, behavior: "instant" });
    else here.scrollIntoView();
  }

  return { start, stop };
})();
