// Runs before the first paint, so that a chosen theme never flashes the other one.
// A file of its own, because the page's policy allows no inline script.
try {
  const chosen = localStorage.getItem('legato.theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
} catch {
  // Storage is blocked: the system's preference applies.
}
