/** Templates, clusters, datastores and users of a site. */
import * as z from 'zod';
import type { PoolShape } from '../api/shape.ts';
import { attributes, ids, integer, looseNumber, looseText, pool, root, several, text, vector } from './fields.ts';

export const vmTemplateElement = z.object({
  ID: integer,
  UID: integer,
  GID: integer,
  NAME: text,
  REGTIME: looseNumber,
  TEMPLATE: vector({
    /** YES if the template only defines a size for computes. */
    OCCI_RESOURCE_TPL: looseText,
    CPU: looseNumber,
    VCPU: looseNumber,
    /** MB. */
    MEMORY: looseNumber,
    OS: vector({ ARCH: looseText }),
    SCHED_REQUIREMENTS: looseText,
    CONTEXT: attributes,
    DISK: several({ IMAGE_ID: looseNumber, SIZE: looseNumber, TYPE: looseText }),
    NIC: several({ NETWORK_ID: looseNumber }),
    /** Inputs that the template requires at instantiation: `M|text|…`, by name. */
    USER_INPUTS: attributes,
  }),
});

export type VmTemplate = z.infer<typeof vmTemplateElement>;

/** Answer to one.template.info. */
export const vmTemplate: z.ZodType<VmTemplate> = root('VMTEMPLATE', vmTemplateElement);
/** Answer to one.templatepool.info. */
export const vmTemplatePool: PoolShape<VmTemplate> = pool('VMTEMPLATE_POOL', 'VMTEMPLATE', vmTemplateElement);

const clusterElement = z.object({ ID: integer, NAME: text });
type Cluster = z.infer<typeof clusterElement>;

/** Answer to one.cluster.info. */
export const cluster: z.ZodType<Cluster> = root('CLUSTER', clusterElement);
/** Answer to one.clusterpool.info: empty for ordinary users of a stock site. */
export const clusterPool: PoolShape<Cluster> = pool('CLUSTER_POOL', 'CLUSTER', clusterElement);

const datastoreElement = z.object({
  ID: integer,
  NAME: text,
  /** 0 images, 1 system, 2 files, 3 backups. */
  TYPE: integer,
  CLUSTERS: ids,
  FREE_MB: looseNumber,
});
type Datastore = z.infer<typeof datastoreElement>;

/** Answer to one.datastore.info. */
export const datastore: z.ZodType<Datastore> = root('DATASTORE', datastoreElement);
/** Answer to one.datastorepool.info. */
export const datastorePool: PoolShape<Datastore> = pool('DATASTORE_POOL', 'DATASTORE', datastoreElement);

const userElement = z.object({ ID: integer, GID: integer, GROUPS: ids, NAME: text });
type User = z.infer<typeof userElement>;

/** Answer to one.user.info. */
export const user: z.ZodType<User> = root('USER', userElement);

const loginsElement = z.object({
  /** EGID: the one group of the token; releases without it have tokens for all groups. */
  LOGIN_TOKEN: several({ TOKEN: text, EXPIRATION_TIME: integer, EGID: looseNumber }),
});

/** The login tokens in the answer to one.user.info. */
export const userLogins: z.ZodType<z.infer<typeof loginsElement>> = root('USER', loginsElement);

const groupElement = z.object({ ID: integer, NAME: text });

/** Answer to one.group.info. */
export const group: z.ZodType<z.infer<typeof groupElement>> = root('GROUP', groupElement);

/** Answer to one.user.login: the token. */
export const answeredText: z.ZodType<string> = z.string();
