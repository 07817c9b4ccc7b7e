import type { Operation } from './openapi.ts';

/** A request that works once its words in capitals are replaced. */
export function curlExample({ method, path, parameters, requestBody }: Operation): string {
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && parameter.required)
    .map(({ name }) => `${name}=${name.toUpperCase()}`)
    .join('&');
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}'https://SERVER${url}${query === '' ? '' : `?${query}`}'`,
  ];
  lines.push("-H 'Authorization: Bearer TOKEN'");
  const [type] = Object.keys(requestBody?.content ?? {});
  if (type !== undefined) lines.push(`-H 'Content-Type: ${type}'`, '--data-binary @FILE');
  return lines.join(' \\\n  ');
}
