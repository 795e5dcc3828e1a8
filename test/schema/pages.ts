// Swagger UI as swagger-ui-dist ships it, configured as servers do.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Route } from "./serve.ts";

const require = createRequire(import.meta.url);
const DIST = dirname(require.resolve("swagger-ui-dist/package.json"));

export async function swaggerUi(path: string): Promise<Buffer | undefined> {
  const name = /^\/documentation\/([\w.-]+)$/.exec(path)?.[1];
  return name === undefined ? undefined : readFile(join(DIST, name));
}

const INITIALIZER = await readFile(join(DIST, "swagger-initializer.js"), "utf8");
const INDEX = await readFile(join(DIST, "index.html"), "utf8");
const URL_LINE = 'url: "https://petstore.swagger.io/v2/swagger.json",';

// Other settings instead of its `url`.
function initializer(settings: string): Record<string, Route> {
  if (!INITIALIZER.includes(URL_LINE)) throw new Error("swagger-ui-dist has another initializer than expected.");
  return { "/documentation/swagger-initializer.js": INITIALIZER.replace(URL_LINE, settings) };
}

function inline(script: string): Record<string, Route> {
  const tag = '<script src="./swagger-initializer.js" charset="UTF-8"> </script>';
  if (!INDEX.includes(tag)) throw new Error("swagger-ui-dist has another index.html than expected.");
  return { "/documentation/index.html": INDEX.replace(tag, () => script) };
}

// The document is at `/v1/openapi`, unless it is part of the page.
export function waysToShow(document: string): Record<string, Record<string, Route>> {
  const there = { "/v1/openapi": document };
  const decoy = { "/v0/openapi": '{"openapi":"3.0.3","info":{"title":"old","version":"0"},"paths":{}}' };
  const urls = '[{ "name": "old", "url": "/v0/openapi" }, { "name": "users", "url": "/v1/openapi" }]';
  const json = toJson(document);
  return {
    "by url": { ...there, ...initializer('url: "../v1/openapi",') },
    "by urls and the primary name": {
      ...there,
      ...decoy,
      ...initializer(`url: "/v0/openapi", urls: ${urls}, "urls.primaryName": "users",`),
    },
    "by configUrl": {
      ...there,
      ...decoy,
      "/documentation/config.json": '{ "url": "/v1/openapi", "deepLinking": true }',
      ...initializer('url: "/v0/openapi", configUrl: "config.json",'),
    },
    "as swaggerDoc in the initializer, as swagger-ui-express has it": {
      "/documentation/swagger-initializer.js": `
        window.onload = function () {
          var url = window.location.origin;
          var options = { "swaggerDoc": ${json}, "customOptions": {} };
          url = options.swaggerUrl || url;
          var swaggerOptions = { spec: options.swaggerDoc, url: url, dom_id: "#swagger-ui" };
          window.ui = SwaggerUIBundle(swaggerOptions);
        };`,
    },
    "as spec in an inline script": inline(`<script>
      SwaggerUIBundle({ /* not: url: "/v0/openapi" */ spec: ${json}, dom_id: "#swagger-ui", });
    </script>`),
    "as JSON in a script tag, as NelmioApiDocBundle has it": inline(
      `<script id="swagger-data" type="application/json">{"spec":${json.replaceAll("<", "\\u003c")}}</script>
       <script>window.onload = () => loadSwaggerUI(SwaggerUIBundle, {});</script>`,
    ),
    "by settings in JSON.parse, as Swashbuckle has them": {
      ...there,
      ...decoy,
      ...inline(`<script>
        window.onload = function () {
          var configObject = JSON.parse('{"urls":[{"url":"/v1/openapi","name":"users"}],"deepLinking":false}');
          configObject.dom_id = "#swagger-ui";
          const ui = SwaggerUIBundle(configObject);
        }
      </script>`),
    },
  };
}

function toJson(document: string): string {
  return document.trimStart().startsWith("{") ? document : JSON.stringify(document);
}
