/**
 * Signed meter records in the Open Charge Metering Format (OCMF): the document, its canonical text,
 * the strict reader, signing and verification, and the container file that the S.A.F.E.
 * transparency software reads.
 *
 * <p>Pure: key, time and pagination are given. Imports units, json and crypto; knows nothing of
 * sessions and channels.
 */
@NullMarked
package chargepile.agent.ocmf;

import org.jspecify.annotations.NullMarked;
