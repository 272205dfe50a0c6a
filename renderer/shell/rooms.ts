/** The rooms of the application in the order of the rail. Each page is its own chunk, loaded when it is first entered. */
import type { Component } from 'vue';

export interface Room {
  readonly name: string;
  readonly title: string;
  readonly group: 'Lab' | 'This run' | 'Bench';
  /** Rooms of one run carry its id: /curriculum/nano-1. */
  readonly ofRun: boolean;
  readonly keys: string;
  /** A 16 by 16 drawing in strokes. */
  readonly icon: string;
  load(): Promise<{ default: Component }>;
}

/** Pages that belong to a room of the rail, at addresses of their own. */
export interface Page {
  readonly name: string;
  readonly title: string;
  readonly room: string;
  load(): Promise<{ default: Component }>;
}
export const PAGES: readonly Page[] = [
  { name: 'new-run', title: 'New run', room: 'runs', load: () => import('../views/NewRunRoom.vue') },
  { name: 'compare', title: 'Compare', room: 'runs', load: () => import('../views/CompareRoom.vue') },
];

export const ROOMS: readonly Room[] = [
  {
    name: 'runs',
    title: 'Runs',
    group: 'Lab',
    ofRun: false,
    keys: 'g r',
    icon: 'M2 4h12M2 8h12M2 12h8',
    load: () => import('../views/RunsRoom.vue'),
  },
  {
    name: 'studies',
    title: 'Studies',
    group: 'Lab',
    ofRun: false,
    keys: 'g d',
    icon: 'M3 2v12M3 4.5h4M3 8h8M3 11.5h6M9 4.5h.01M13 8h.01M11 11.5h.01',
    load: () => import('../views/StudiesRoom.vue'),
  },
  {
    name: 'run',
    title: 'Run',
    group: 'This run',
    ofRun: true,
    keys: 'g u',
    icon: 'M13 8a5 5 0 1 1-2-4M11 1v3.2H7.8',
    load: () => import('../views/RunRoom.vue'),
  },
  {
    name: 'curriculum',
    title: 'Curriculum',
    group: 'This run',
    ofRun: true,
    keys: 'g c',
    icon: 'M2 14V9h3v5M6.5 14V3h3v11M11 14V7h3v7',
    load: () => import('../views/CurriculumRoom.vue'),
  },
  {
    name: 'training',
    title: 'Training',
    group: 'This run',
    ofRun: true,
    keys: 'g t',
    icon: 'M2 2v12h12M4 11l3-4 3 2 4-6',
    load: () => import('../views/TrainingRoom.vue'),
  },
  {
    name: 'questions',
    title: 'Questions',
    group: 'This run',
    ofRun: true,
    keys: 'g q',
    icon: 'M5.5 6a2.5 2.5 0 1 1 3.4 2.3c-.6.3-.9.7-.9 1.4M8 12.2v.3',
    load: () => import('../views/QuestionsRoom.vue'),
  },
  {
    name: 'review',
    title: 'Review',
    group: 'This run',
    ofRun: true,
    keys: 'g v',
    icon: 'M2 8.5l3 3 5-7M9 11.5h5M11.5 7.5H14',
    load: () => import('../views/ReviewRoom.vue'),
  },
  {
    name: 'models',
    title: 'Models',
    group: 'Bench',
    ofRun: false,
    keys: 'g m',
    icon: 'M8 1.8l5.5 3.1v6.2L8 14.2l-5.5-3.1V4.9zM2.5 4.9L8 8l5.5-3.1M8 8v6.2',
    load: () => import('../views/ModelsRoom.vue'),
  },
  {
    name: 'system',
    title: 'System',
    group: 'Bench',
    ofRun: false,
    keys: 'g s',
    icon: 'M4 4h8v8H4zM6 1.5V4M10 1.5V4M6 12v2.5M10 12v2.5M1.5 6H4M1.5 10H4M12 6h2.5M12 10h2.5',
    load: () => import('../views/SystemRoom.vue'),
  },
  {
    name: 'prompts',
    title: 'Prompts',
    group: 'Bench',
    ofRun: false,
    keys: 'g p',
    icon: 'M2 3h12v8H7l-3 3v-3H2zM5 6h6M5 8.5h4',
    load: () => import('../views/PromptsRoom.vue'),
  },
  {
    name: 'settings',
    title: 'Settings',
    group: 'Bench',
    ofRun: false,
    keys: 'g e',
    icon: 'M2 4.5h7M12 4.5h2M10.5 3v3M2 11.5h2M7 11.5h7M5.5 10v3',
    load: () => import('../views/SettingsRoom.vue'),
  },
];

/** The address of a room, for the run that is looked at. */
export function roomPath(room: Pick<Room, 'name' | 'ofRun'>, run: string | null): string {
  return room.ofRun && run !== null ? `/${room.name}/${encodeURIComponent(run)}` : `/${room.name}`;
}

/** Whether the page at a route is about one run. */
export const showsRun = (name: unknown): boolean => ROOMS.some((room) => room.ofRun && room.name === name);
