import { generateKeyPairSync, type KeyObject, randomUUID, sign, verify } from 'node:crypto';
import type { Build, Job } from '../model/types.ts';

/** What a job asks of its OIDC token. */
interface OidcRequest {
  readonly audience?: string;
  /** Seconds. @default 300 */
  readonly lifetime?: number;
}

/** What a token says. Times are seconds since the epoch. */
interface OidcClaims {
  readonly aud: string;
  readonly exp: number;
  readonly job_id: string;
  readonly [claim: string]: unknown;
}

/** Issues tokens with a key of its own, and knows its own again. */
export interface OidcIssuer {
  issue(build: Build, job: Job, request: OidcRequest): string;
  /** The claims of a token that this issuer made and that has not expired. */
  verify(token: string): OidcClaims | undefined;
}

/** Where an issuer stands. */
export interface OidcPlace {
  readonly organization: string;
  readonly pipeline: string;
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Makes an issuer; its key is made with the first token. */
export function createOidcIssuer(place: OidcPlace): OidcIssuer {
  let keys: { publicKey: KeyObject; privateKey: KeyObject } | undefined;
  const pair = () => {
    keys ??= generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return keys;
  };
  return {
    issue(build, job, request) {
      const head = encode({ alg: 'ES256', typ: 'JWT', kid: 'simulator' });
      const payload = encode(claimsOf(place, build, job, request));
      const signature = sign('sha256', Buffer.from(`${head}.${payload}`), {
        key: pair().privateKey,
        dsaEncoding: 'ieee-p1363',
      });
      return `${head}.${payload}.${signature.toString('base64url')}`;
    },
    verify(token) {
      const [head = '', payload = '', signature = ''] = token.split('.');
      const isOurs = verify(
        'sha256',
        Buffer.from(`${head}.${payload}`),
        { key: pair().publicKey, dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64url'),
      );
      if (!isOurs) return undefined;
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as OidcClaims;
      return claims.exp * 1000 > place.now() ? claims : undefined;
    },
  };
}

function claimsOf(
  place: OidcPlace,
  build: Build,
  job: Job,
  { audience, lifetime = 300 }: OidcRequest,
): OidcClaims {
  const now = Math.floor(place.now() / 1000);
  const { organization, pipeline, issuer } = place;
  return {
    iss: issuer,
    sub: `organization:${organization}:pipeline:${pipeline}:ref:refs/heads/${build.branch}:commit:${build.commit}:step:${job.step.key ?? ''}`,
    aud: audience ?? `${issuer}/${organization}`,
    iat: now,
    nbf: now,
    exp: now + lifetime,
    jti: randomUUID(),
    organization_slug: organization,
    pipeline_slug: pipeline,
    build_number: build.number,
    build_branch: build.branch,
    build_commit: build.commit,
    step_key: job.step.key,
    job_id: job.id,
    agent_id: job.agent?.id ?? null,
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
