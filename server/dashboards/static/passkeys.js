// Passkeys: what the server asks and the authenticator answers, as JSON both ways (W3C Web Authentication, level 3).
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const post = (path, body) =>
  fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: body ? JSON.stringify(body) : null });

async function asked(path) {
  const answer = await post(path);
  if (!answer.ok) throw new Error(path);
  return answer.json();
}

function described(credential, response) {
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
}

const known = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

async function add() {
  const options = await asked("/dashboard/passkeys/options");
  const credential = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    },
  });
  const { clientDataJSON, attestationObject } = credential.response;
  return post(
    "/dashboard/passkeys",
    described(credential, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) }),
  );
}

async function signIn() {
  const options = await asked("/dashboard/sign-in/passkey/options");
  const credential = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  return post(
    "/dashboard/sign-in/passkey",
    described(credential, {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : undefined,
    }),
  );
}

const acts = { add, "sign-in": signIn };
for (const button of document.querySelectorAll("button[data-passkey]")) {
  const problem = document.querySelector("[data-passkey-problem]");
  if (!window.PublicKeyCredential) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    problem.hidden = true;
    button.disabled = true;
    const answer = await acts[button.dataset.passkey]().catch(() => undefined);
    button.disabled = false;
    if (answer?.ok) location.assign(button.dataset.then);
    else problem.hidden = false;
  });
}
