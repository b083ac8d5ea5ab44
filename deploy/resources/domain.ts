/** A custom domain: its name and mapping are part of the stack; its DNS record is up to the owner. */
import type { Part, Stack, WrittenSettings } from '../stack/stack.ts';

/**
 * Throws when clients would show certificates that the service ignores, or when the service waits for certificates that the
 * gateway does not ask for.
 */
const checkCertificates = (truststore: string | undefined, auth: WrittenSettings['auth'] = []): void => {
  const hasX509 = auth.some((scheme) => typeof scheme !== 'string' && scheme.x509 !== undefined);
  if (hasX509 === (truststore !== undefined)) return;
  throw new Error(
    hasX509
      ? "truststore: auth of the service's settings has x509: set truststore to the authorities of its certificates, or no " +
          'client is asked for one'
      : `truststore: ${truststore}: auth of the service's settings has no x509: add it, or every client needs a ` +
          'certificate that says nothing',
  );
};

/** @throws {Error} when the settings of the service expect client certificates and the domain does not, or vice versa */
export const domain = ({ parameters, settings }: Pick<Stack, 'parameters' | 'settings'>): Part => {
  const { domain: name, certificate, truststore, truststoreVersion, tags } = parameters;
  checkCertificates(truststore, settings.auth);
  if (name === undefined) return { resources: {} };
  return {
    resources: {
      Domain: {
        Type: 'AWS::ApiGatewayV2::DomainName',
        Properties: {
          DomainName: name,
          DomainNameConfigurations: [
            { CertificateArn: certificate, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
          ],
          // With it, the gateway closes every connection without a certificate of these authorities.
          ...(truststore !== undefined && {
            MutualTlsAuthentication: { TruststoreUri: truststore, TruststoreVersion: truststoreVersion },
          }),
          ...(tags && { Tags: tags }),
        },
      },
      // Without a key: OCCI's locations are paths, and would be wrong below one.
      DomainMapping: {
        Type: 'AWS::ApiGatewayV2::ApiMapping',
        Properties: {
          ApiId: { Ref: 'HttpApi' },
          DomainName: { Ref: 'Domain' },
          Stage: { Ref: 'HttpApiStage' },
        },
      },
    },
    // Closed, so that nothing that stands in front of the domain can be bypassed.
    extensions: { HttpApi: { Properties: { DisableExecuteApiEndpoint: true } } },
  };
};
