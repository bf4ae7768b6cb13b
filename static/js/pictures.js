// A picture that cannot be loaded makes room for a placeholder. Errors of images do not bubble.

const mark = (image) => (image.closest(".picture") ?? image).classList.add("is-broken");

function markFailed(root) {
  for (const image of root.querySelectorAll(".picture > img, img.thumb")) {
    if (image.complete && image.src && !image.naturalWidth) mark(image);
  }
}

export function startPictures() {
  document.addEventListener("error", (event) => {
    if (event.target instanceof HTMLImageElement) mark(event.target);
  }, true);
  document.body.addEventListener("htmx:afterSwap", (event) => markFailed(event.detail.target ?? document));
  markFailed(document);
}
