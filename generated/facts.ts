// Generated from schema/oplead.openapi.yaml by `npm run generate`, which overwrites it: change the document, not this file.

export const facts = {
  "auth": "bearer",
  "testParameter": "test",
  "idField": "id",
  "places": {
    "profiles": "",
    "countries": "",
    "country": ""
  }
} as const;
