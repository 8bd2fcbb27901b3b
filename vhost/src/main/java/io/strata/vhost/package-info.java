/**
 * The side of Strata that faces virtual machines: a vhost-user back end. The module's README says
 * how its packages build on each other, which threads there are, and what a guest can do to it.
 */
@NullMarked
package io.strata.vhost;

import org.jspecify.annotations.NullMarked;
