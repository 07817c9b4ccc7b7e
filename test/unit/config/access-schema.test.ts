import { describe, expect, it } from 'vitest';
import { accessSchema } from '#lib/config/access-schema.ts';

const PROVIDER = {
  name: 'accounts',
  issuer: 'https://accounts.models.example',
  'client-id': 'x',
  'default-role': 'viewer',
};
const problems = (value: object) => accessSchema.safeParse(value).error?.issues.map(({ message }) => message) ?? [];

describe('access', () => {
  it('asks everybody to sign in where nothing is said', () => {
    expect(accessSchema.parse({})).toMatchObject({ localAccounts: true, passkeys: true, proxies: 0, oidc: [] });
    expect(accessSchema.parse({})).not.toHaveProperty('withoutSignIn');
  });

  it('is open without sign-in on loopback only, and by no other word', () => {
    expect(accessSchema.parse({ 'without-sign-in': 'loopback' }).withoutSignIn).toBe('loopback');
    for (const word of [true, 'anyone', 'private', 'loopback ', '', null]) {
      expect(problems({ 'without-sign-in': word }), String(word)).not.toEqual([]);
    }
    expect(problems({ 'read-without-sign-in': true })).not.toEqual([]);
  });

  it('is not open without sign-in behind a proxy', () => {
    const both = { 'without-sign-in': 'loopback', 'public-url': 'https://modeltrail.models.example' };
    expect(problems(both).join()).toContain('does not go with a public-url of another machine');
    expect(problems({ ...both, 'public-url': 'http://localhost:3000' })).toEqual([]);
  });

  it('is reached by https, at the root of a host', () => {
    expect(accessSchema.parse({ 'public-url': 'https://modeltrail.models.example/' }).publicUrl).toBe(
      'https://modeltrail.models.example',
    );
    for (const url of [
      'http://modeltrail.models.example',
      'https://models.example/modeltrail',
      'https://user@models.example',
      'https://models.example?x',
      'modeltrail.example',
      'javascript:alert(1)',
    ]) {
      expect(problems({ 'public-url': url }), url).not.toEqual([]);
    }
  });

  it('lets somebody in', () => {
    expect(problems({ 'local-accounts': false })).toEqual(['lets nobody in']);
    expect(problems({ 'local-accounts': false, oidc: [PROVIDER] })).toEqual([]);
  });
});

describe('an identity provider', () => {
  it('is asked over https, or on this machine where that is said', () => {
    const of = (extra: object) => problems({ oidc: [{ ...PROVIDER, ...extra }] });
    expect(of({})).toEqual([]);
    expect(of({ issuer: 'http://accounts.models.example' })).toEqual(['is plain http to another machine']);
    expect(of({ issuer: 'http://accounts.models.example', 'allow-http': true })).toEqual([
      'is plain http to another machine',
    ]);
    expect(of({ issuer: 'http://127.0.0.1:9' })).toEqual(['is plain http']);
    expect(of({ issuer: 'http://127.0.0.1:9', 'allow-http': true })).toEqual([]);
  });

  it('gives roles by one criterion a rule, and gives somebody one', () => {
    const roles = (roles: object[]) => problems({ oidc: [{ ...PROVIDER, roles }] });
    expect(roles([{ role: 'admin', group: 'response' }])).toEqual([]);
    expect(roles([{ role: 'admin' }])).not.toEqual([]);
    expect(roles([{ role: 'admin', group: 'a', subject: 'b' }])).not.toEqual([]);
    expect(roles([{ role: 'root', group: 'a' }])).not.toEqual([]);
    expect(roles([{ role: 'admin', 'email-domain': '@models.example' }])).not.toEqual([]);
    const { 'default-role': _, ...nobody } = PROVIDER;
    expect(problems({ oidc: [nobody] })).toEqual(['gives nobody a role']);
  });

  it('has a name of its own, and its secret not in the file', () => {
    expect(problems({ oidc: [PROVIDER, PROVIDER] })).not.toEqual([]);
    expect(problems({ oidc: [{ ...PROVIDER, 'client-secret': 'hunter2' }] })).not.toEqual([]);
    expect(problems({ oidc: [{ ...PROVIDER, 'client-secret': { file: './secret' } }] })).toEqual([]);
    expect(problems({ oidc: [{ ...PROVIDER, name: '../x' }] })).not.toEqual([]);
  });
});
