package main

import (
	"net/http"
	"os"
	"strconv"
	"strings"
)

// The variables that describe the request itself. No header may set one of
// these: a header "Query" would otherwise pass for the query string.
var ownVariables = map[string]bool{
	"Http_Method": true, "Http_Path": true, "Http_Host": true, "Http_Query": true,
	"Http_ContentLength": true, "Http_Content_Length": true, "Http_Transfer_Encoding": true,
}

// environment returns the variables for one call: the watchdog's own and, if
// wanted, the request's. Of equal names os/exec takes the last.
func environment(r *http.Request, cgiHeaders bool) []string {
	env := os.Environ()
	if !cgiHeaders {
		return env
	}
	for name, values := range r.Header {
		variable := "Http_" + strings.ReplaceAll(name, "-", "_")
		if !ownVariables[variable] {
			env = append(env, variable+"="+values[0])
		}
	}
	length := strconv.FormatInt(r.ContentLength, 10)
	env = append(env,
		"Http_Method="+r.Method,
		"Http_Path="+r.URL.Path,
		"Http_Content_Length="+length,
		"Http_ContentLength="+length)
	if r.URL.RawQuery != "" {
		env = append(env, "Http_Query="+r.URL.RawQuery)
	}
	if r.Host != "" {
		env = append(env, "Http_Host="+r.Host)
	}
	if len(r.TransferEncoding) > 0 {
		env = append(env, "Http_Transfer_Encoding="+strings.Join(r.TransferEncoding, ", "))
	}
	return env
}
