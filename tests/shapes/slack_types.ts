// What is sent to Slack, in the types of Slack's own package. Its views also allow blocks of any unknown type,
// which would let every slip through: here only those that the package knows.
import type { HomeView, KnownBlock, ModalView } from "@slack/types";

export type Message = KnownBlock[];
export type Modal = Omit<ModalView, "blocks"> & { blocks: KnownBlock[] };
export type Home = Omit<HomeView, "blocks"> & { blocks: KnownBlock[] };
