"""Screenshots made small: a palette of at most 256 colours chosen in the browser, written as an indexed PNG."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path

from playwright.sync_api import Page

# Frequent colours first; further ones only where no colour of the palette is near. Then every pixel takes the nearest.
CHOOSE = """
async (source) => {
  const picture = await createImageBitmap(await (await fetch(source)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  const data = new Uint32Array(pen.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  const counts = new Map();
  for (const one of data) counts.set(one, (counts.get(one) || 0) + 1);
  const far = (a, b) =>
    ((a & 255) - (b & 255)) ** 2 + ((a >> 8 & 255) - (b >> 8 & 255)) ** 2 + ((a >> 16 & 255) - (b >> 16 & 255)) ** 2;
  const sorted = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || a - b);
  const palette = sorted.slice(0, 48);
  for (const near of [300, 60]) {
    for (const one of sorted) {
      if (palette.length === 256) break;
      if (palette.every((other) => far(one, other) > near)) palette.push(one);
    }
  }
  const place = new Map();
  for (const one of sorted) {
    let best = 0;
    palette.forEach((other, at) => { if (far(one, other) < far(one, palette[best])) best = at; });
    place.set(one, best);
  }
  const pixels = new Uint8Array(data.length);
  data.forEach((one, at) => { pixels[at] = place.get(one); });
  let text = "";
  for (let at = 0; at < pixels.length; at += 32768) text += String.fromCharCode(...pixels.subarray(at, at + 32768));
  return {
    width: canvas.width,
    height: canvas.height,
    palette: palette.map((one) => [one & 255, one >> 8 & 255, one >> 16 & 255]),
    pixels: btoa(text),
  };
}
"""


def save_small(page: Page, png: bytes, target: Path) -> None:
    """Write a screenshot as an indexed PNG. `page` is any blank page, used to read the picture's colours."""
    found = page.evaluate(CHOOSE, "data:image/png;base64," + base64.b64encode(png).decode())
    width, height = found["width"], found["height"]
    pixels = base64.b64decode(found["pixels"])
    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, width * height, width))
    target.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", b"".join(bytes(colour) for colour in found["palette"]))
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
