/** The schemes that the specifications reserve and the field uses; everything else is a provider's or a user's (CORE-2). */
export const CORE = 'http://schemas.ogf.org/occi/core#';
export const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure#';
/** The bases of the templates (INF-15, INF-16). */
export const OS_TPL = `${INFRASTRUCTURE}os_tpl`;
export const RESOURCE_TPL = `${INFRASTRUCTURE}resource_tpl`;
/** Clients may not define mixins below this prefix (CORE-2). */
export const RESERVED = 'http://schemas.ogf.org/occi/';
