// Charts, loaded only where one stands. Data come beside the element as JSON:
// {"kind": "line" | "bar" | "stack" | "pie", "x": [...], "series": [{"name", "data": [...]}], "unit": "件"}.
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

const grouped = (value) => (typeof value === "number" ? value.toLocaleString("zh-CN") : value);

function optionsOf(data, look) {
  const token = (name) => look.getPropertyValue("--" + name).trim();
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const text = { color: token("ink-2"), fontSize: 0.857 * rem, fontFamily: token("font") };
  const colours = [1, 2, 3, 4, 5].map((n) => token("chart-" + n));
  const common = {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 300,
    color: colours,
    textStyle: text,
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: token("surface"),
      borderColor: token("line"),
      textStyle: { ...text, color: token("ink") },
    },
    legend: { top: 0, right: 0, itemWidth: 10, itemHeight: 10, icon: "roundRect", textStyle: text },
  };
  if (data.kind === "pie") {
    const [series] = data.series;
    return {
      ...common,
      tooltip: { ...common.tooltip, trigger: "item", formatter: (at) => `${at.name}  ${grouped(at.value)} ${data.unit || ""}` },
      legend: { ...common.legend, orient: "vertical", top: "middle", right: 0 },
      series: [
        {
          type: "pie",
          radius: ["48%", "74%"],
          center: ["36%", "50%"],
          itemStyle: { borderColor: token("surface"), borderWidth: 2 },
          label: { show: false },
          data: data.x.map((name, index) => ({ name, value: series.data[index] })),
        },
      ],
    };
  }
  const line = data.kind === "line";
  return {
    ...common,
    tooltip: {
      ...common.tooltip,
      trigger: "axis",
      axisPointer: { type: line ? "line" : "shadow", lineStyle: { color: token("control") }, shadowStyle: { opacity: 0.15 } },
      valueFormatter: (value) => `${grouped(value)} ${data.unit || ""}`,
    },
    legend: data.series.length > 1 ? common.legend : { show: false },
    grid: { left: 4, right: 12, top: data.series.length > 1 ? 2.6 * rem : 0.9 * rem, bottom: 4, containLabel: true },
    xAxis: {
      type: "category",
      data: data.x,
      boundaryGap: !line,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token("control") } },
      axisLabel: text,
    },
    yAxis: {
      type: "value",
      splitLine: { lineStyle: { color: token("line") } },
      axisLabel: { ...text, formatter: grouped },
    },
    series: data.series.map((one, index) => ({
      name: one.name,
      data: one.data,
      type: line ? "line" : "bar",
      stack: data.kind === "stack" ? "all" : undefined,
      smooth: line ? 0.25 : undefined,
      showSymbol: false,
      symbolSize: 7,
      lineStyle: line ? { width: 2 } : undefined,
      areaStyle: line && index === 0 ? { opacity: 0.07 } : undefined,
      barMaxWidth: 1.6 * rem,
      itemStyle: line ? undefined : { borderRadius: data.kind === "stack" ? 0 : [3, 3, 0, 0] },
    })),
  };
}

class Chart extends HTMLElement {
  connectedCallback() {
    const source = document.getElementById(this.dataset.source);
    if (!source) return;
    this.data = JSON.parse(source.textContent);
    this.chart = init(this, undefined, { renderer: "canvas" });
    this.draw = () => this.chart.setOption(optionsOf(this.data, getComputedStyle(document.documentElement)), true);
    this.draw();
    document.addEventListener("linli:theme", this.draw);
    this.watch = new ResizeObserver(() => this.chart.resize());
    this.watch.observe(this);
  }

  disconnectedCallback() {
    document.removeEventListener("linli:theme", this.draw);
    this.watch?.disconnect();
    this.chart?.dispose();
  }
}

if (!customElements.get("linli-chart")) customElements.define("linli-chart", Chart);
