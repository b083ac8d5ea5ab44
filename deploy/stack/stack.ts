/** What every part of the stack is made from, and the pieces of CloudFormation that the parts consist of. */

import type { CallLimit } from '../../lib/adapter/module.ts';
import type { Limits } from '../../lib/config/limits.ts';
import type { Parameters } from '../parameters/parameters.ts';

/** Anything that a template may hold. What is undefined is left out of it. */
export type Value = string | number | boolean | undefined | readonly Value[] | { readonly [name: string]: Value };

/** A text, or a function that CloudFormation evaluates to one. */
export type Text =
  | string
  | { readonly Ref: string }
  | { readonly 'Fn::Sub': string }
  | { readonly 'Fn::GetAtt': readonly string[] }
  | { readonly 'Fn::Join': readonly Value[] };

export type Properties = { readonly [name: string]: Value };

/** A resource of the stack. */
export type Resource = {
  readonly Type: string;
  readonly Properties?: Properties;
  readonly Condition?: string;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: 'Retain';
  readonly UpdateReplacePolicy?: 'Retain';
};

export type Resources = Readonly<Record<string, Resource>>;

/** What is added to a resource that the packager makes. */
export type Extension = Partial<Omit<Resource, 'Type' | 'Condition'>>;

/** What one part adds to the stack, each by logical id. */
export interface Part {
  readonly resources?: Resources;
  readonly conditions?: Readonly<Record<string, Properties>>;
  readonly extensions?: Readonly<Record<string, Extension>>;
}

/** A statement of an IAM policy. */
export type Statement = {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: '*' | readonly Text[];
  readonly Condition?: Properties;
};

/** A function of serverless.yml. */
export interface DeployedFunction {
  readonly name: string;
  readonly functionName: string;
  /** What the logical ids of all its resources begin with. */
  readonly logicalId: string;
  readonly routeKeys: readonly string[];
}

/** The settings of the service as a deployment writes them: checked, without the defaults. */
export interface WrittenSettings {
  readonly adapter: {
    readonly name: string;
    readonly site: string;
    readonly settings?: Readonly<Record<string, unknown>>;
  };
  readonly auth?: readonly (string | { readonly gateway?: { readonly from: string }; readonly x509?: unknown })[];
  readonly cors?: unknown;
  readonly discovery?: 'callers' | 'everybody';
  readonly limits?: Pick<Limits, 'perTenant' | 'tenants'>;
}

/** What the settings need of the account and of the cloud. */
export interface Needs {
  readonly secrets: {
    /** Names in Parameter Store, each beginning with a slash. */
    readonly parameters: readonly string[];
    /** Whole ARNs in Secrets Manager. */
    readonly secrets: readonly string[];
  };
  /** ARNs of the roles that the functions assume for their callers. */
  readonly roles: readonly string[];
  /** How many calls at the same time the cloud takes, if it limits them. */
  readonly callLimit?: CallLimit | undefined;
}

export interface Stack extends Needs {
  readonly parameters: Parameters;
  readonly settings: WrittenSettings;
  readonly functions: readonly DeployedFunction[];
  /** Name and stage, with which every name begins. */
  readonly prefix: string;
  /** The table of this stack, or one that exists already. */
  readonly table: { readonly name: string; readonly arn: Text };
}
