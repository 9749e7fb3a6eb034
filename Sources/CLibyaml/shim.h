#ifndef DUBBO_CLIBYAML_SHIM_H
#define DUBBO_CLIBYAML_SHIM_H

#if !__has_include(<yaml.h>)
#error "dubbo-swift needs libyaml: run dev/setup, or `apt-get install libyaml-dev`, or `brew install libyaml`"
#endif
/* The header carries no version macro; every release since 0.1.1 has the event interface that DubboYAML uses. */
#include <yaml.h>

#endif
