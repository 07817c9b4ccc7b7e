import { ArtifactUnknown } from '../../../../_artifacts/artifact-unknown.tsx';

export default function NotFound() {
  return <ArtifactUnknown />;
}
