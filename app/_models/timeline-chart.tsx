'use client';

import { useState } from 'react';
import { formatDuration } from '#lib/provenance/format.ts';
import type { Lane } from '#lib/provenance/timeline.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import { type DrawnMark, type DrawnTimeline, KIND_WORDS } from './drawn-timeline.ts';
import { KindShape, TimelineLegend } from './timeline-marks.tsx';

const LANE = 56;
const TOP = 26;
const BOTTOM = 26;

/** Signings in time, one lane a signer. Positions are percentages, so that it fits any width without a script. */
export function TimelineChart({ timeline }: { timeline: DrawnTimeline }) {
  const [active, setActive] = useState<DrawnMark | null>(null);
  const { lanes, gaps, changes, ticks, nowX } = timeline;
  const floor = TOP + lanes.length * LANE;
  const laneY = (index: number) => TOP + index * LANE + 36;
  return (
    <div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand within a picture */}
      <svg
        width="100%"
        height={floor + BOTTOM}
        role="group"
        aria-label="Timeline of signings, one lane for each signer"
      >
        <defs>
          <pattern id="silence" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line y2="7" stroke="var(--edge)" strokeWidth="1.2" opacity="0.55" />
          </pattern>
        </defs>
        {ticks.map(({ at, x, label }, i) => (
          <g key={at} className={i % 2 === 1 ? 'max-sm:hidden' : undefined}>
            <line x1={percent(x)} x2={percent(x)} y1={TOP} y2={floor} stroke="var(--line)" />
            <text x={percent(x)} y={floor + 17} textAnchor="middle" className="fill-muted text-[0.75rem]">
              {label}
            </text>
          </g>
        ))}
        {gaps.map(({ from, to, x1, x2 }) => (
          <g key={from}>
            <rect x={percent(x1)} width={percent(x2 - x1)} y={TOP} height={floor - TOP} fill="url(#silence)" />
            <text x={percent((x1 + x2) / 2)} y={TOP - 9} textAnchor="middle" className="fill-muted text-[0.75rem]">
              silent for {formatDuration(to - from)}
            </text>
          </g>
        ))}
        {nowX === null ? null : (
          <g>
            <line
              x1={percent(nowX)}
              x2={percent(nowX)}
              y1={TOP}
              y2={floor}
              stroke="var(--edge)"
              strokeDasharray="2 3"
            />
            <text x={percent(nowX)} y={TOP - 9} textAnchor="end" className="fill-muted text-[0.75rem]">
              now
            </text>
          </g>
        )}
        {lanes.map((lane, index) => (
          <g key={`${lane.isUnsigned} ${lane.san} ${lane.issuer}`}>
            <LaneLabel lane={lane} y={TOP + index * LANE + 14} />
            <line x1="0" x2="100%" y1={laneY(index)} y2={laneY(index)} stroke="var(--line)" strokeWidth="2" />
          </g>
        ))}
        {changes.map(({ at, x, fromLane, toLane, kind }) => (
          <line
            key={at}
            x1={percent(x)}
            x2={percent(x)}
            y1={laneY(fromLane)}
            y2={laneY(toLane)}
            stroke="var(--claimed)"
            strokeWidth="1.6"
            strokeDasharray="3 2"
          >
            <title>
              {kind === 'workflow' ? 'Another workflow of the same repository signed' : 'Another signer signed'}
            </title>
          </line>
        ))}
        {lanes.map((lane, index) =>
          lane.marks.map((mark) => <MarkLink key={mark.href} mark={mark} y={laneY(index)} onActive={setActive} />),
        )}
      </svg>
      <Readout mark={active} />
      <TimelineLegend timeline={timeline} />
    </div>
  );
}

function LaneLabel({ lane: { san, issuer, isUnsigned }, y }: { lane: Omit<Lane, 'marks'>; y: number }) {
  if (isUnsigned) {
    return (
      <text y={y} className="fill-broken text-[0.75rem] font-medium">
        Seen, and signed by nobody
      </text>
    );
  }
  const name = san === null ? 'No identity in a certificate' : showText(san);
  const through = issuer === null ? '' : ` through ${showText(issuer)}`;
  return (
    <g className="mono">
      <text y={y} className="fill-ink text-[0.75rem] max-md:hidden">
        {elideMiddle(name, 70)}
        <tspan className="fill-muted">{elideMiddle(through, 44)}</tspan>
      </text>
      <text y={y} className="fill-ink text-[0.75rem] md:hidden">
        {elideMiddle(name, 42)}
      </text>
    </g>
  );
}

function MarkLink({ mark, y, onActive }: { mark: DrawnMark; y: number; onActive: (mark: DrawnMark) => void }) {
  const { x, kind, count, title, href } = mark;
  const show = () => onActive(mark);
  return (
    <svg x={percent(x)} y={y} overflow="visible" width="1" height="1">
      <title>{title}</title>
      <a href={href} aria-label={title} className="mark" onMouseEnter={show} onFocus={show}>
        <rect x="-13" y="-13" width="26" height="26" rx="4" fill="transparent" />
        <KindShape kind={kind} />
        {count > 1 ? (
          <text x="9" y="-7" className="mono fill-muted text-[0.6875rem] max-sm:hidden">
            {count}
          </text>
        ) : null}
      </a>
    </svg>
  );
}

/** What the mark under the pointer or the focus stands for, in words and always in the same place. */
function Readout({ mark }: { mark: DrawnMark | null }) {
  return (
    <div data-readout="" className="my-2 min-h-12 rounded bg-sunken px-3 py-1.5 text-[0.8125rem]">
      {mark === null ? (
        <p className="text-muted">
          Point at a mark, or move to it with Tab, to read it here. The table below has the same in full.
        </p>
      ) : (
        <ul>
          {mark.told.map(({ when, kind, label }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what a mark tells never changes places
            <li key={i} className="wrap-anywhere">
              <span className="tabular-nums">{when}</span> · {KIND_WORDS[kind]} · <span className="mono">{label}</span>
            </li>
          ))}
          {mark.count > mark.told.length ? (
            <li className="text-muted">and {mark.count - mark.told.length} more</li>
          ) : null}
        </ul>
      )}
    </div>
  );
}

function percent(x: number): string {
  return `${Math.round(x * 10_000) / 100}%`;
}
