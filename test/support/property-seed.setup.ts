/**
 * Property tests take the same inputs in every run, so that a run fails only because of a change. A failure tells its seed and path.
 * A workflow takes other inputs each night, by PROPERTY_SEED.
 */
import fc from "fast-check";

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.PROPERTY_SEED ?? 1) });
