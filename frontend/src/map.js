// Maps on which people pan, zoom, pick and draw. The base is our own outlines; a tile server of the intranet is optional.
// Data come beside the element as JSON: {"mode": "grids" | "pick" | "outline", "field": "buildings", "tiles": "", "attribution": "",
// "areas": [{"shape", "label", "tone"}], "names": [{"point", "label"}],
// "buildings": [{"id", "label", "shape" | "point", "tone", "moved", "pale"}]}. Shapes are [[longitude, latitude], …].
// In the modes "grids" and "pick" buildings are picked: what is drawn ticks the boxes named `field` of the buildings inside. Of a grid the
// border is kept as well, so that a new one replaces what was ticked; a drawing that only picks adds to it.
// What is picked and drawn goes into the form around it, which works without a map as well.
import * as L from "leaflet/dist/leaflet-src.esm.js";
import "leaflet/dist/leaflet.css";
import "../css/map.css";

const turned = (shape) => shape.map(([east, north]) => [north, east]);

function inside([x, y], corners) {
  let found = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [ax, ay] = corners[i];
    const [bx, by] = corners[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) found = !found;
  }
  return found;
}

const middle = (shape) => [0, 1].map((axis) => shape.reduce((sum, one) => sum + one[axis], 0) / shape.length);

class LinliMap extends HTMLElement {
  connectedCallback() {
    const data = JSON.parse(document.getElementById(this.dataset.source).textContent);
    this.mode = data.mode;
    this.picks = data.mode !== "outline";
    this.field = data.field ?? "buildings";
    this.form = this.closest("form");
    this.canvas = document.createElement("div");
    this.canvas.className = "map-canvas";
    this.prepend(this.canvas);
    this.map = L.map(this.canvas, { attributionControl: Boolean(data.tiles), zoomControl: false, doubleClickZoom: false, zoomSnap: data.tiles ? 1 : 0.25 });
    L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(this.map);
    if (data.tiles) L.tileLayer(data.tiles, { maxZoom: 19, attribution: data.attribution }).addTo(this.map);
    const bounds = L.latLngBounds([]);
    for (const area of data.areas) {
      const shape = L.polygon(turned(area.shape), { className: `map-area tone-${area.tone}`, interactive: false }).addTo(this.map);
      if (area.label) shape.bindTooltip(area.label, { permanent: true, direction: "center", className: "map-name" });
      bounds.extend(shape.getBounds());
    }
    for (const one of data.names ?? []) {
      L.tooltip({ permanent: true, direction: "center", className: "map-name", interactive: false }).setLatLng([one.point[1], one.point[0]]).setContent(one.label).addTo(this.map);
    }
    this.buildings = data.buildings.map((one) => this.building(one, bounds));
    this.map.fitBounds(bounds.isValid() ? bounds.pad(0.04) : L.latLngBounds([[18, 74], [53, 134]]));
    this.drawn = [];
    const before = this.form.elements.outline?.value;
    if (before && this.mode === "outline") this.drawn = JSON.parse(before);
    this.map.on("click", (event) => this.corner(event.latlng));
    this.map.on("dblclick", () => this.finish());
    this.addEventListener("click", (event) => this.tool(event.target.closest("[data-map]")?.dataset.map));
    this.form.addEventListener("change", () => this.paint());
    this.paint();
    this.show();
  }

  disconnectedCallback() {
    this.map?.remove();
    this.canvas?.remove();
  }

  building(one, bounds) {
    const className = `map-building tone-${one.tone}${one.moved ? " moved" : ""}${one.pale ? " pale" : ""}`;
    const layer = one.shape
      ? L.polygon(turned(one.shape), { className })
      : L.circleMarker([one.point[1], one.point[0]], { className, radius: 6 });
    layer.addTo(this.map).bindTooltip(one.label, { sticky: true });
    layer.on("click", (event) => {
      if (this.drawing || !this.picks) return;
      L.DomEvent.stopPropagation(event);
      const box = this.box(one.id);
      if (!box) return;
      box.checked = !box.checked;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    });
    bounds.extend(one.shape ? layer.getBounds() : layer.getLatLng());
    return { ...one, layer, centre: one.shape ? middle(one.shape) : one.point };
  }

  box(id) {
    return this.form.querySelector(`input[name="${this.field}"][value="${id}"]`);
  }

  paint() {
    let picked = 0;
    for (const one of this.buildings) {
      const on = Boolean(this.box(one.id)?.checked);
      picked += on;
      one.layer.getElement()?.classList.toggle("picked", on);
    }
    const says = this.querySelector("[data-map-says]");
    if (says && this.picks) says.textContent = this.drawing ? "在图上依次点出范围的各个角，点“画完”结束。" : `已选 ${picked} 栋`;
  }

  tool(name) {
    if (name === "draw") {
      this.drawing = true;
      this.drawn = [];
      this.canvas.classList.add("drawing");
    } else if (name === "done") this.finish();
    else if (name === "clear") {
      this.drawing = false;
      this.drawn = [];
      this.canvas.classList.remove("drawing");
      this.keep();
      this.tick(() => false);
    } else return;
    this.show();
    this.paint();
  }

  corner(at) {
    if (!this.drawing) return;
    this.drawn.push([Number(at.lng.toFixed(6)), Number(at.lat.toFixed(6))]);
    this.show();
  }

  show() {
    this.line?.remove();
    if (!this.drawn.length) return;
    const corners = turned(this.drawn);
    this.line = (this.drawing ? L.polyline(corners, { className: "map-drawn" }) : L.polygon(corners, { className: "map-drawn", interactive: false })).addTo(this.map);
  }

  finish() {
    if (!this.drawing) return;
    this.drawing = false;
    this.canvas.classList.remove("drawing");
    // A double click has left the same corner twice.
    this.drawn = this.drawn.filter((one, n) => !n || one.join() !== this.drawn[n - 1].join());
    if (this.drawn.length < 3) this.drawn = [];
    this.keep();
    if (this.picks && this.drawn.length) {
      const adds = this.mode === "pick";
      this.tick((one, was) => inside(one.centre, this.drawn) || (adds && was));
    }
    this.show();
    this.paint();
  }

  // Set every building's box; those who listen to the boxes hear of it once.
  tick(wanted) {
    let last = null;
    for (const one of this.buildings) {
      const box = this.box(one.id);
      if (!box) continue;
      box.checked = wanted(one, box.checked);
      last = box;
    }
    last?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  keep() {
    const outline = this.form.elements.outline;
    if (outline) outline.value = this.drawn.length ? JSON.stringify(this.drawn) : "";
    // The borders of estates and communities have no point of their own.
    if (this.form.elements.longitude && this.drawn.length) {
      const [east, north] = middle(this.drawn);
      this.form.elements.longitude.value = east.toFixed(6);
      this.form.elements.latitude.value = north.toFixed(6);
      if (this.form.elements.datum) this.form.elements.datum.value = "wgs84";
    }
  }
}

if (!customElements.get("linli-map")) customElements.define("linli-map", LinliMap);
