/* A section's form, question by question: its controls as they would be sent, and the version each started from. */
export function questionsOf(form) {
  function blockOf(question) {
    return form.querySelector(`[data-question="${CSS.escape(question)}"]`);
  }

  function isSent(control) {
    const isOff = (control.type === "checkbox" || control.type === "radio") && !control.checked;
    return control.name && !control.disabled && !isOff && control.type !== "submit" && !control.name.startsWith("base-");
  }

  function pairsIn(block) {
    return [...block.querySelectorAll("input, select, textarea")].filter(isSent).map((each) => [each.name, each.value]);
  }

  return {
    blockOf,
    pairsIn,
    pairsOf: (question) => pairsIn(blockOf(question)),
    baseOf: (question) => blockOf(question).querySelector(`[name="base-${CSS.escape(question)}"]`)?.value || form.elements.version.value,
    setBase(question, version) {
      const block = blockOf(question);
      const name = `base-${question}`;
      const found = block.querySelector(`[name="${CSS.escape(name)}"]`);
      const control = found || Object.assign(document.createElement("input"), { type: "hidden", name });
      control.value = version;
      if (!found) block.append(control);
    },
  };
}
