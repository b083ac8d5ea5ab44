/** Roles and their statements, as a template has them. */
import type { Json, Template } from './packaging.ts';

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  /** As text: what CloudFormation fills in stands in it as `${…}`. */
  readonly Resource: readonly string[];
  readonly Condition?: Json;
}

const list = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** A value of the template as text. */
export function written(value: Json): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (value.Ref) return `\${${value.Ref}}`;
  if (value['Fn::GetAtt']) return `\${${value['Fn::GetAtt'].join('.')}}`;
  if (value['Fn::Sub']) return value['Fn::Sub'];
  if (value['Fn::Join']) return value['Fn::Join'][1].map(written).join(value['Fn::Join'][0]);
  return JSON.stringify(value);
}

/** The statements of a role; of its own policies, not of those beside it. */
export const statementsOf = (role: Json): Statement[] => statementsIn(role.Properties.Policies);

const statementsIn = (policies: readonly Json[]): Statement[] =>
  policies.flatMap(({ PolicyDocument }: Json) =>
    PolicyDocument.Statement.map(({ Effect, Action, Resource, Condition }: Json) => ({
      Effect,
      Action: list<string>(Action),
      Resource: list(Resource).map(written),
      ...(Condition && { Condition }),
    })),
  );

/** The resources of a type, by their logical ids. */
export const ofType = ({ Resources }: Template, type: string): [string, Json][] =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type);

/** The statements of a function, by its name; of those that allow, in its role and in policies beside it. */
export function allowed(template: Template, name: string): Statement[] {
  const id = name.charAt(0).toUpperCase() + name.slice(1);
  const role = template.Resources[`${id}Role`];
  const beside = (role.Properties.ManagedPolicyArns ?? []).map(({ Ref }: Json) => template.Resources[Ref].Properties);
  return [...statementsOf(role), ...statementsIn(beside)].filter(({ Effect }) => Effect === 'Allow');
}
