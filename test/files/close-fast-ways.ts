// Loaded into a program before it starts: from then on it takes the plain ways alone.
import { closeFastWays } from "../../src/transport/index.ts";

closeFastWays();
