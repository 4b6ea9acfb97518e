// The reference of the API for people, made by Swagger UI from the document that the API serves.

import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";

const HERE = new URL(".", location.href).href.replace(/\/$/, "");

async function show(): Promise<void> {
  const answer = await fetch("openapi.json");
  if (!answer.ok) throw new Error(`openapi.json: ${answer.status}`);
  const document: object = await answer.json();
  SwaggerUI({
    // Under a stage path the calls have that path too, which the document does not contain.
    spec: { ...document, servers: [{ url: HERE }] },
    domNode: window.document.querySelector("#docs"),
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    deepLinking: true,
    filter: true,
    persistAuthorization: false,
    validatorUrl: null,
  });
}

show().catch((error: unknown) => {
  const sentence = window.document.createElement("p");
  sentence.setAttribute("role", "alert");
  sentence.textContent = `The reference cannot be shown. ${error instanceof Error ? error.message : ""}`;
  window.document.querySelector("#docs")?.replaceChildren(sentence);
});
