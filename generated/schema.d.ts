// Generated from schema/oplead.openapi.yaml by `npm run generate`, which overwrites it: change the document, not this file.

export interface paths {
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a user
         * @description There is no documented idempotency key: after a timeout or a 5xx, updating by `accountNumber` tells whether the user was created.
         */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userIdentification}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Update a user */
        put: operations["updateUser"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/rule/geographical": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the countries, counties and postcodes a user covers
         * @description Replaces the whole rule; an empty list clears it (assumed).
         */
        put: operations["setGeographicalRule"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/rule/max-distance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set how far from a user a lead may be */
        put: operations["setMaxDistanceRule"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/rule/competences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the ranges, or pairs of range and request type, a user handles
         * @description The body is documented, its path is not. Replaces the whole rule; an empty list clears it (assumed).
         */
        put: operations["setCompetencesRule"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/rule/contact-profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the contact profiles a user handles
         * @description The body is documented, its path is not. Replaces the whole rule; an empty list clears it (assumed).
         */
        put: operations["setContactProfilesRule"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/rule/profile-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set whether a user handles professionals, individuals, or both
         * @description Replaces the whole rule; an empty list clears it (assumed).
         */
        put: operations["setProfileTypesRule"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/settings/user-profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the profiles a user can have */
        get: operations["listUserProfiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/types/countries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the countries */
        get: operations["listCountries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/types/country/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a country with its counties and their postcodes */
        get: operations["getCountry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What is known of a user's fields. Which of them are required depends on the direction. */
        UserFields: {
            /** @description The form of address. Its values are not documented. */
            civility?: string;
            firstname?: string;
            lastname?: string;
            login?: string;
            /** Format: email */
            email?: string;
            phone?: string;
            mobile?: string;
            company?: string;
            /** @description The user's identifier in the source system, unique per user. It identifies the user where the Oplead ID was not kept. */
            accountNumber?: string;
            /** @description That a full address is required is documented; its shape is assumed. */
            address?: components["schemas"]["Address"];
            /** @description That a valid profile is required is documented; that it is given by code is assumed. */
            profile?: components["schemas"]["ProfileReference"];
            /** @description The Oplead ID or `accountNumber` of the user above this one in the profile hierarchy. That a user at the top has none is assumed. */
            parentUserIdentifier?: components["schemas"]["UserIdentifier"];
        } & {
            [key: string]: unknown;
        };
        /** @description A user as it is written, both on creation and on update. */
        UserInput: WithRequired<components["schemas"]["UserFields"], "civility" | "lastname" | "login" | "email" | "address" | "profile">;
        /** @description A user as it is answered. */
        User: components["schemas"]["UserFields"] & {
            /** @description The Oplead ID. That it is answered is documented; that the field is called `id` is assumed. */
            id: components["schemas"]["UserIdentifier"];
        };
        /** @description Whether Oplead's IDs are numbers or strings is not documented. */
        UserIdentifier: string | number;
        Address: {
            street?: string;
            /** @description A string, because postcodes may begin with a zero. */
            zipCode: string;
            city: string;
            country: components["schemas"]["CountryReference"];
        } & {
            [key: string]: unknown;
        };
        CountryReference: {
            /**
             * @description The code of a country, from `listCountries`.
             * @example FR
             */
            code: string;
        } & {
            [key: string]: unknown;
        };
        ProfileReference: {
            /** @description The code of a profile, from `listUserProfiles`. */
            code: string;
        } & {
            [key: string]: unknown;
        };
        /**
         * @example {
         *       "handledCountries": [
         *         {
         *           "handledCountry": {
         *             "code": "FR"
         *           },
         *           "handledCounties": [
         *             {
         *               "handledCounty": {
         *                 "number": "75"
         *               },
         *               "handledPostCodeZips": [
         *                 "75001",
         *                 "75002"
         *               ]
         *             }
         *           ]
         *         }
         *       ]
         *     }
         */
        GeographicalRule: {
            handledCountries: components["schemas"]["HandledCountry"][];
        };
        HandledCountry: {
            handledCountry: components["schemas"]["CodeReference"];
            /** @description Left out, the whole country is covered (assumed). */
            handledCounties?: components["schemas"]["HandledCounty"][];
        };
        HandledCounty: {
            handledCounty: {
                /** @description A string, because some begin with a zero and some hold a letter (`2A`). */
                number: string;
            };
            /** @description Left out, the whole county is covered (assumed). */
            handledPostCodeZips?: string[];
        };
        MaxDistanceRule: {
            /**
             * @description Kilometres from the user to the lead.
             * @example 30
             */
            maxDistance: number;
        };
        /**
         * @example [
         *       {
         *         "range": {
         *           "code": "RNG_XXX"
         *         },
         *         "requestType": {
         *           "code": "RTY_XXX"
         *         }
         *       }
         *     ]
         */
        CompetencesRule: components["schemas"]["Competence"][];
        Competence: {
            range: components["schemas"]["CodeReference"];
            /** @description Given where the platform has request types enabled, left out where it has ranges only. */
            requestType?: components["schemas"]["CodeReference"];
        };
        /**
         * @example [
         *       {
         *         "code": "CPR_XXX"
         *       }
         *     ]
         */
        ContactProfilesRule: components["schemas"]["CodeReference"][];
        /**
         * @description `pro` for professionals, `single` for individuals.
         * @example [
         *       "pro",
         *       "single"
         *     ]
         */
        ProfileTypesRule: ("pro" | "single")[];
        CodeReference: {
            /** @description Codes are stable and the same in every language; labels are not. */
            code: string;
        };
        UserProfile: {
            code: string;
            label: string;
            /** @description The profile above this one in the hierarchy; the top one has none. */
            parent?: components["schemas"]["ProfileReference"];
        } & {
            [key: string]: unknown;
        };
        Country: {
            /** @example FR */
            code: string;
            label: string;
        } & {
            [key: string]: unknown;
        };
        CountryDetails: components["schemas"]["Country"] & {
            counties: components["schemas"]["County"][];
        };
        County: {
            /** @example 75 */
            number: string;
            label: string;
            postCodeZips?: string[];
        } & {
            [key: string]: unknown;
        };
        /** @description Nothing is known of the bodies of failures. A proxy in between may answer with no JSON at all. */
        Error: {
            /** @description A string or a number, if there is one. */
            code?: unknown;
            message?: string;
            /** @description Details, field by field perhaps. Nothing is known of their shape. */
            errors?: unknown;
        } & {
            [key: string]: unknown;
        };
    };
    responses: {
        /** @description The rule is set. */
        RuleSet: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        /** @description The rule is set; nothing more to say. */
        RuleSetWithoutBody: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description The body is refused. A duplicate may be answered with this, with 409, or with 422. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The token is missing, wrong or expired. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The token does not allow this. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The user, the country, or something the body refers to does not exist. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Another user has this `accountNumber`, login or e-mail address. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description A value is not acceptable, such as an unknown code or a parent that the profile hierarchy rules out. */
        Unprocessable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Too many requests. The limits are not documented. */
        TooManyRequests: {
            headers: {
                /** @description When to come back, in seconds or as an HTTP date. */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Something broke at Oplead. Where it stays unclear, the platform's administrator takes it to Oplead Care. */
        ServerError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: {
        /** @description With `true`, all the logic runs and nothing is stored. */
        test: boolean;
        /** @description The user's Oplead ID. Whether an `accountNumber` does as well is not documented. */
        id: string;
    };
    requestBodies: {
        User: {
            content: {
                "application/json": components["schemas"]["UserInput"];
            };
        };
    };
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    createUser: {
        parameters: {
            query?: {
                /** @description With `true`, all the logic runs and nothing is stored. */
                test?: components["parameters"]["test"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: components["requestBodies"]["User"];
        responses: {
            /** @description Created. That the answer gives the user's Oplead ID is documented; the status 201 is assumed. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    updateUser: {
        parameters: {
            query?: {
                /** @description With `true`, all the logic runs and nothing is stored. */
                test?: components["parameters"]["test"];
            };
            header?: never;
            path: {
                /** @description The user's Oplead ID or `accountNumber`. */
                userIdentification: string;
            };
            cookie?: never;
        };
        requestBody: components["requestBodies"]["User"];
        responses: {
            /** @description Updated. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description No user has this ID or `accountNumber`; it can be created. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    setGeographicalRule: {
        parameters: {
            query?: {
                /** @description With `true`, all the logic runs and nothing is stored. */
                test?: components["parameters"]["test"];
            };
            header?: never;
            path: {
                /** @description The user's Oplead ID. Whether an `accountNumber` does as well is not documented. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GeographicalRule"];
            };
        };
        responses: {
            200: components["responses"]["RuleSet"];
            204: components["responses"]["RuleSetWithoutBody"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    setMaxDistanceRule: {
        parameters: {
            query?: {
                /** @description With `true`, all the logic runs and nothing is stored. */
                test?: components["parameters"]["test"];
            };
            header?: never;
            path: {
                /** @description The user's Oplead ID. Whether an `accountNumber` does as well is not documented. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MaxDistanceRule"];
            };
        };
        responses: {
            200: components["responses"]["RuleSet"];
            204: components["responses"]["RuleSetWithoutBody"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    setCompetencesRule: {
        parameters: {
            query?: {
                /** @description With `true`, all the logic runs and nothing is stored. */
                test?: components["parameters"]["test"];
            };
            header?: never;
            path: {
                /** @description The user's Oplead ID. Whether an `accountNumber` does as well is not documented. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompetencesRule"];
            };
        };
        responses: {
            200: components["responses"]["RuleSet"];
            204: components["responses"]["RuleSetWithoutBody"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    setContactProfilesRule: {
        parameters: {
            query?: {
                /** @description With `true`, all the logic runs and nothing is stored. */
                test?: components["parameters"]["test"];
            };
            header?: never;
            path: {
                /** @description The user's Oplead ID. Whether an `accountNumber` does as well is not documented. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactProfilesRule"];
            };
        };
        responses: {
            200: components["responses"]["RuleSet"];
            204: components["responses"]["RuleSetWithoutBody"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    setProfileTypesRule: {
        parameters: {
            query?: {
                /** @description With `true`, all the logic runs and nothing is stored. */
                test?: components["parameters"]["test"];
            };
            header?: never;
            path: {
                /** @description The user's Oplead ID. Whether an `accountNumber` does as well is not documented. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileTypesRule"];
            };
        };
        responses: {
            200: components["responses"]["RuleSet"];
            204: components["responses"]["RuleSetWithoutBody"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    listUserProfiles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The platform's profiles. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserProfile"][];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    listCountries: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The countries, without their counties. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Country"][];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    getCountry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The country's code.
                 * @example FR
                 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The country. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountryDetails"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
}
type WithRequired<T, K extends keyof T> = T & {
    [P in K]-?: T[P];
};
