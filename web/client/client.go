// Package client calls dossierd's API from Go.
//
// It is made from the API's description, and a test of package web fails where it is not up to date. The description here
// says of errors only that each is a Problem; that at /api/v1/openapi.json has them one by one.
package client

//go:generate oapi-codegen -config oapi-codegen.yaml openapi.json
