/* The digest of a chosen file, computed here, so that the file need not be sent. Without this the server computes it. */
const form = document.querySelector("[data-verify]");
const file = form && form.querySelector('input[type="file"]');
const digest = form && form.querySelector('input[name="sha256"]');
const status = form && form.querySelector("[data-verify-status]");

async function compute() {
  const chosen = file.files[0];
  if (!chosen || !window.crypto || !window.crypto.subtle) return;
  const bytes = await window.crypto.subtle.digest("SHA-256", await chosen.arrayBuffer());
  digest.value = Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  file.value = "";
  status.textContent = `${chosen.name}: ${status.dataset.computed}`;
}

if (file) file.addEventListener("change", compute);
