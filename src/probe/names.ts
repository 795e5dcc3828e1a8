import type { OpleadField } from "../core/fields.ts";

// Possible names, the package's first.
export const NAMES: Readonly<Partial<Record<OpleadField, string>>> = {
  civility: "civility salutation title",
  lastname: "lastname last_name lastName surname family_name",
  firstname: "firstname first_name firstName given_name",
  login: "login username user_name userName",
  email: "email mail email_address emailAddress",
  phone: "phone phone_number phoneNumber telephone",
  mobile: "mobile mobile_phone mobilePhone mobile_number cell_phone",
  company: "company company_name companyName organization",
  accountNumber: "accountNumber account_number external_id externalId reference",
  parentUserIdentifier:
    "parentUserIdentifier parent_user_identifier parent_identifier parent_id parentId manager_id parent",
  "address.street": "street line1 address_line1 street_address",
  "address.zipCode": "zipCode zip_code zipcode postal_code postalCode postcode",
  "address.city": "city town locality",
  "address.country.code": "country country_code countryCode",
  "profile.code": "profile profile_code profileCode user_profile role",
};
