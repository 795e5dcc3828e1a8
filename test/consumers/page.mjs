/** Looks like the entry of an application: it runs code and exports nothing. */
import { createOplead } from "oplead-sdk";

globalThis.oplead = createOplead;
