/** What an application's entry looks like: it runs something, and exports nothing. */
import { createOplead } from "oplead-sdk";

globalThis.oplead = createOplead;
