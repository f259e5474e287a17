// Logs in with the key in the address's fragment, which no server ever sees in a log, or with a name and a password.
const said = document.getElementById("said");

async function logIn(body) {
  const answer = await fetch("/api/v1/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.ok) {
    location.replace("/");
    return;
  }
  const { error } = await answer.json();
  said.textContent = `${error.what}; ${error.fix}`;
}

const key = new URLSearchParams(location.hash.slice(1)).get("key");
if (key) {
  history.replaceState(null, "", "/");
  logIn({ key });
}
document.getElementById("login").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  logIn({ name: form.get("name"), password: form.get("password") });
});
