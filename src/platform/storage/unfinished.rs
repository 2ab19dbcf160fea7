//! Uploads to S3 in parts that nobody finished: their parts cost money, and no list of objects shows them.

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use object_store::ClientOptions;
use object_store::aws::AwsAuthorizer;
use object_store::client::{HttpConnector, HttpRequest, HttpRequestBody};
use object_store::multipart::MultipartStore;
use object_store::path::Path as ObjectPath;
use serde::Deserialize;
use url::Url;

use super::connector::Connector;
use super::remote::Remote;

/// A page of `ListMultipartUploads`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Page {
    upload: Vec<Upload>,
    is_truncated: bool,
    next_key_marker: String,
    next_upload_id_marker: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Upload {
    key: String,
    upload_id: String,
    initiated: DateTime<Utc>,
}

impl Remote {
    /// Gives up the uploads that were begun before a time; answers how many.
    pub(super) async fn abort_unfinished(&self, before: DateTime<Utc>) -> anyhow::Result<usize> {
        let (mut gone, mut after) = (0, None);
        loop {
            let page = self.unfinished(after.as_ref()).await.context("asking for unfinished uploads")?;
            for upload in page.upload.iter().filter(|upload| upload.initiated < before) {
                self.s3.abort_multipart(&ObjectPath::parse(&upload.key)?, &upload.upload_id).await?;
                gone += 1;
            }
            if !page.is_truncated || page.next_key_marker.is_empty() {
                return Ok(gone);
            }
            after = Some((page.next_key_marker, page.next_upload_id_marker));
        }
    }

    async fn unfinished(&self, after: Option<&(String, String)>) -> anyhow::Result<Page> {
        let url = self.list_url(after)?;
        let mut request = HttpRequest::new(HttpRequestBody::empty());
        *request.uri_mut() = url.as_str().parse()?;
        let credential = self.s3.credentials().get_credential().await?;
        AwsAuthorizer::new(&credential, "s3", &self.place.region).try_authorize(&mut request, None)?;
        let answer = Connector.connect(&ClientOptions::new())?.execute(request).await?;
        ensure!(answer.status().is_success(), "S3 answers {}", answer.status());
        let text = answer.into_body().bytes().await?;
        Ok(quick_xml::de::from_reader(&text[..])?)
    }

    fn list_url(&self, after: Option<&(String, String)>) -> anyhow::Result<Url> {
        let mut url: Url = self.place.bucket_url().parse()?;
        let mut query = url.query_pairs_mut();
        query.append_pair("uploads", "");
        if !self.place.prefix.is_empty() {
            query.append_pair("prefix", &format!("{}/", self.place.prefix));
        }
        if let Some((key, id)) = after {
            query.append_pair("key-marker", key).append_pair("upload-id-marker", id);
        }
        drop(query);
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_with_one_upload_with_two_and_with_none() {
        let upload = |key: &str| {
            format!(
                "<Upload><Key>legato/{key}</Key><UploadId>u</UploadId><Initiator><ID>x</ID></Initiator>\
                 <StorageClass>STANDARD</StorageClass><Initiated>2026-11-28T08:00:00.000Z</Initiated></Upload>"
            )
        };
        for uploads in 0..3 {
            let list: String = (0..uploads).map(|number| upload(&format!("landing/{number}"))).collect();
            let xml = format!(
                "<?xml version=\"1.0\"?><ListMultipartUploadsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                 <Bucket>music</Bucket><KeyMarker/><NextKeyMarker></NextKeyMarker><IsTruncated>false</IsTruncated>\
                 {list}</ListMultipartUploadsResult>"
            );
            let page: Page = quick_xml::de::from_str(&xml).expect("a page");
            assert_eq!((page.upload.len(), page.is_truncated), (uploads, false));
        }
    }
}
