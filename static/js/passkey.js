// Passkeys: hands the page's options to the browser and its answer to the form.
"use strict";
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const button = form.querySelector("[data-passkey-button]");
  const failed = form.querySelector("[data-passkey-failed]");
  if (!button || !window.PublicKeyCredential) return;

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };
  const words = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const asked = () => {
    const data = JSON.parse(document.getElementById("passkey-options").textContent);
    const options = (data.creation_options || data.request_options).publicKey;
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    if (options.excludeCredentials) options.excludeCredentials = known(options.excludeCredentials);
    if (options.allowCredentials) options.allowCredentials = known(options.allowCredentials);
    return options;
  };

  const answered = (credential) => {
    const given = credential.response;
    const response = { clientDataJSON: words(given.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (given[name]) response[name] = words(given[name]);
    }
    if (given.getTransports) response.transports = given.getTransports();
    return JSON.stringify({
      type: credential.type,
      id: credential.id,
      rawId: words(credential.rawId),
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  };

  button.hidden = false;
  button.addEventListener("click", async () => {
    failed.hidden = true;
    try {
      const options = { publicKey: asked() };
      const make = form.dataset.passkey === "create";
      const call = make ? "create" : "get";
      form.elements.credential.value = answered(await navigator.credentials[call](options));
      form.submit();
    } catch {
      failed.hidden = false;
      failed.focus();
    }
  });
})();
