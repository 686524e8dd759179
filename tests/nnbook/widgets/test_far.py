"""Numbers far away, and none at all: what the shared drawing functions make of them."""

DRAWN = """values => {
  const { plot, line } = nnlibWidgets.plot, { svg, set } = nnlibWidgets.elements, problems = [];
  const check = (what, number) => Math.abs(number) <= 1e5 || problems.push(`${what} is ${number}`);
  for (const value of values.map(Number)) {
    for (const x of [[0, 1], [0.5, 0.5], [-1e308, 1e308], [0, value]]) {
      const p = plot({ x, y: x, xlabel: "x", ylabel: "y" });
      const dot = svg("circle", { cx: 7, cy: 7, r: 2 }), path = line(p, [[0, 0], [value, value], [1, value], [1, 1]]);
      set(dot, { cx: value, cy: p.Y(value) });
      p.area.append(dot, svg("path", { d: path }), svg("circle", { cx: p.X(value), cy: p.Y(0), r: 2 }));
      document.querySelector("main").append(p.svg);
      for (const node of p.svg.querySelectorAll("*")) for (const { name, value: text } of node.attributes)
        if (/NaN|Infinity|undefined/.test(text)) problems.push(`${node.tagName} has ${name} = ${text}`);
      for (const part of path.match(/[^ML ]+/g) ?? []) check(`in the path of ${value} within ${x} a part`, +part);
      check("cx", p.X(value));
      check("cy", p.Y(value));
      const cx = dot.getAttribute("cx");
      if (!Number.isFinite(value) && cx !== "7") problems.push(`cx became ${cx}`);
    }
  }
  return problems;
}"""


def test_far_away_is_drawn_outside_and_nothing_is_drawn_of_no_number(open_html, example):
    page = open_html(example("line_by_hand").html)
    errors = []
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.wait_for_selector(".nnlib-ready")
    assert page.evaluate(DRAWN, ["1e38", "-1e38", "1e308", "NaN", "Infinity", "-Infinity", "0", "1e-320"]) == []
    page.evaluate("() => new Promise(done => requestAnimationFrame(done))")
    assert errors == []
