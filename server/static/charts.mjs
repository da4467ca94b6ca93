// Charts, drawn from the tables that they stand over. The tables say it all without this file.

const LIBRARY = "/static/vendor/echarts/echarts.simple.min.js";
const MOST = 20; // rows of a chart
const DRAWN = "table[data-chart]";
// A pattern for each series besides its colour; overview.css has the same for the legend.
const STRIPES = { rotation: Math.PI / 4, dashArrayX: [1, 0], dashArrayY: [3, 4], symbolSize: 1 };
const PATTERNS = {
  overdue: STRIPES,
  late: { ...STRIPES, dashArrayY: [2, 6] },
  unknown: { ...STRIPES, rotation: Math.PI / 2, dashArrayY: [1, 7] },
  under_way: { ...STRIPES, rotation: -Math.PI / 4, dashArrayY: [1, 5] },
  dropped: { ...STRIPES, rotation: 0, dashArrayY: [2, 4] },
  unverifiable: { symbol: "circle", dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [5, 0], symbolSize: 0.5 },
};

const charts = new Map();
let library = null;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const number = (cell) => Number(cell.dataset.value ?? cell.textContent.replaceAll(",", ""));

function text() {
  const style = getComputedStyle(document.body);
  return { color: colour("ink"), fontFamily: style.fontFamily, fontSize: Math.min(parseFloat(style.fontSize), 20) };
}

function read(table) {
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows].slice(0, MOST);
  const series = heads.flatMap((head, place) =>
    head.dataset.series
      ? [{ key: head.dataset.series, shape: head.dataset.shape ?? "", name: head.textContent.trim(),
           values: rows.map((row) => number(row.cells[place])) }]
      : [],
  ).filter((one) => one.values.some(Boolean));
  return { names: rows.map((row) => row.cells[0].dataset.name ?? row.cells[0].textContent.trim()), rows, series };
}

function legend(series) {
  const list = document.createElement("ul");
  list.className = "key";
  for (const one of series) {
    const swatch = document.createElement("span");
    swatch.className = `swatch ${one.key}`;
    const line = document.createElement("li");
    line.append(swatch, ` ${one.shape} ${one.name}`);
    list.append(line);
  }
  return list;
}

const axes = () => ({
  axisLine: { lineStyle: { color: colour("edge") } },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: colour("line") } },
  axisLabel: { color: colour("quiet"), fontSize: text().fontSize - 2 },
});

function bars({ names, series }, chart, lying) {
  const totals = names.map((_, place) => series.reduce((sum, one) => sum + one.values[place], 0));
  const width = lying ? Math.min(text().fontSize * 13, chart.getWidth() * 0.3) : 80; // of a name, in CSS pixels
  const [needs, has] = lying ? [36, chart.getWidth() - width - 40] : [18, chart.getHeight() - 60];
  const room = (Math.max(...totals) * needs) / has; // too small a part has no label
  const told = { type: "category", data: names, inverse: lying, ...axes(), axisLabel: { ...axes().axisLabel, width, overflow: "truncate" } };
  const counted = { type: "value", minInterval: 1, ...axes() };
  return {
    xAxis: lying ? counted : told,
    yAxis: lying ? told : counted,
    series: series.map((one) => ({
      type: "bar", name: one.name, stack: "all", barMaxWidth: lying ? 32 : 72,
      data: one.values.map((value) => ({ value: value || null, label: { show: value > room } })),
      itemStyle: { color: colour(`s-${one.key}`), borderColor: colour("ink"), borderWidth: 1,
                   decal: PATTERNS[one.key] && { ...PATTERNS[one.key], color: colour("s-stroke") } },
      label: { color: colour("ink"), fontSize: text().fontSize - 3, backgroundColor: colour("paper"),
               padding: [1, 3], borderRadius: 2, formatter: ({ value }) => `${one.shape} ${value}` },
    })),
  };
}

const brief = (value) =>
  Math.abs(value) >= 1e8 ? `${+(value / 1e8).toFixed(2)}亿` : Math.abs(value) >= 1e4 ? `${+(value / 1e4).toFixed(2)}万` : `${value}`;

// Figures of one day that differ stand apart, and no line goes through them: never an average.
function line({ rows, series: [one] }) {
  const points = rows.map((row, place) => [row.cells[0].dataset.day, one.values[place]]);
  const apart = points.map(([day, value]) => points.some(([other, figure]) => other === day && figure !== value));
  const drawn = (data, more) => ({
    type: "line", data, symbolSize: 10, symbol: "circle", color: colour("accent"), lineStyle: { width: 2 },
    label: { show: true, color: colour("ink"), fontSize: text().fontSize - 3, formatter: ({ value }) => brief(value[1]) },
    labelLayout: { hideOverlap: true }, ...more,
  });
  return {
    xAxis: { type: "time", ...axes(), splitNumber: 3, boundaryGap: ["8%", "8%"], axisLabel: { ...axes().axisLabel, formatter: "{yyyy}-{MM}", hideOverlap: true } },
    yAxis: { type: "value", ...axes(), axisLabel: { ...axes().axisLabel, formatter: brief } },
    series: [
      drawn(points.map(([day, value], place) => [day, apart[place] ? null : value]), {}),
      drawn(points.filter((_, place) => apart[place]), { symbol: "emptyDiamond", symbolSize: 14, color: colour("ink"), lineStyle: { width: 0 } }),
    ],
  };
}

const KINDS = {
  bar: (found, chart) => bars(found, chart, true),
  column: (found, chart) => bars(found, chart, false),
  line,
};

function draw(table) {
  const found = read(table);
  if (!found.series.length) return;
  const kind = table.dataset.chart;
  let chart = charts.get(table);
  if (!chart) {
    const canvas = document.createElement("div");
    canvas.className = `chart ${kind}`;
    canvas.setAttribute("aria-hidden", "true");
    if (kind === "bar") canvas.style.height = `${60 + found.names.length * 34}px`;
    const whole = document.createElement("figure");
    whole.className = "drawn";
    if (kind !== "line") whole.append(legend(found.series));
    whole.append(canvas);
    if (table.tBodies[0].rows.length > MOST) {
      const cut = document.createElement("figcaption");
      cut.textContent = `图中是表的前 ${MOST} 行。`;
      whole.append(cut);
    }
    (table.closest(".wide") ?? table).before(whole);
    chart = globalThis.echarts.init(canvas);
    charts.set(table, chart);
  }
  chart.setOption({
    animation: !still(), animationDuration: 140, textStyle: text(),
    grid: { left: 8, right: 24, top: 24, bottom: 8, containLabel: true },
    ...KINDS[kind](found, chart),
  }, true);
}

const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    library ??= import(LIBRARY);
    library.then(() => draw(target));
  }
}, { rootMargin: "400px" });

function start() {
  for (const table of document.querySelectorAll(DRAWN)) seen.observe(table);
}
const again = () => charts.forEach((_, table) => draw(table));

start();
addEventListener("resize", () => {
  charts.forEach((chart) => chart.resize());
  again();
});
for (const asked of ["(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)"]) {
  matchMedia(asked).addEventListener("change", again);
}
