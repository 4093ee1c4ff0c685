// @ts-check
/** The register's desk by keyboard: j next, k previous, a approve, r write a reason. */
import { splitDesk } from "../ui/split_desk.js";

splitDesk();
