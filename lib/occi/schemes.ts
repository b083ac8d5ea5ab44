/** The schemes that the specifications reserve and the field uses; everything else is a provider's or a user's (CORE-2). */
export const CORE = 'http://schemas.ogf.org/occi/core#';
export const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure#';
/** The bases of the templates (INF-15, INF-16). */
export const OS_TPL = `${INFRASTRUCTURE}os_tpl`;
export const RESOURCE_TPL = `${INFRASTRUCTURE}resource_tpl`;
/** Schemes of the specifications, in which clients may not define mixins (CORE-2). A host has no case. */
export const RESERVED = /^https?:\/\/schemas\.ogf\.org(?![^/#:])/i;
