/** Runs the story in workerd, once for each request. */
import * as sdk from "oplead-sdk";
import { journey } from "./journey.mjs";

export default {
  async fetch(request) {
    return Response.json(await journey(sdk, await request.json()));
  },
};
