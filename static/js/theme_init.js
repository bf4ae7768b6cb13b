// Runs before the first paint, so that a stored theme never flashes the other one.
(function () {
  var root = document.documentElement;
  root.dataset.js = "";
  try {
    var theme = localStorage.getItem("copydesk.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch (error) {
    // Storage may be forbidden; the system's theme is a good answer then.
  }
})();
